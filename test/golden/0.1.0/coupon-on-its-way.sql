PRAGMA user_version = 8;

INSERT INTO coupon_campaigns VALUES
(201, 1767225600000, 2082758400000),
(202, 1767225600000, 1767582030000);

INSERT INTO coupon_issues VALUES
(201, 1, 1767582000000);

INSERT INTO journal VALUES
(1, 'seed', 1767582000000, '{"since":1767582000000,"addresses":["product/101","door/mk0koo00-0-1"],"entries":[[0,1,0,"mk0koo00-0-1","mk0koo00-0-1",1,{"type":"CreateProduct","productId":101,"name":"Linen shirt","basePrice":39000,"options":[{"productOptionId":1011,"optionName":"S","extraPrice":0},{"productOptionId":1012,"optionName":"M","extraPrice":1000}]},0,null,[[[],{"productId":101,"name":"Linen shirt","basePrice":39000,"options":[{"productOptionId":1011,"optionName":"S","extraPrice":0},{"productOptionId":1012,"optionName":"M","extraPrice":1000}]}]]]]}', 917604358),
(2, 'seed', 1767582000000, '{"since":1767582000000,"addresses":["customer/1","door/mk0koo00-0-2"],"entries":[[0,1,0,"mk0koo00-0-2","mk0koo00-0-2",1,{"type":"CreateCustomer","customerId":1,"username":"minji"},0,null,[[[],{"customerId":1,"username":"minji","roles":[],"disabled":false}]]]]}', 3470574379),
(3, 'seed', 1767582000000, '{"since":1767582000000,"addresses":["balance/1","customer/1"],"entries":[[0,1,0,"mk0koo00-0-8","mk0koo00-0-2",1,{"type":"OpenBalance","customerId":1},0,null,[[[],{"customerId":1,"amount":0}]]]]}', 1832404876),
(4, 'seed', 1767582000000, '{"since":1767582000000,"addresses":["coupon/201","door/mk0koo00-0-3"],"entries":[[0,1,0,"mk0koo00-0-3","mk0koo00-0-3",1,{"type":"CreateCoupon","couponId":201,"totalQuantity":1000,"terms":{"name":"3,000 off","discountType":"FIXED","discountAmount":3000,"maxDiscount":null,"minOrderAmount":null,"startedAt":1767225600000,"expiredAt":2082758400000}},0,null,[[[],{"couponId":201,"totalQuantity":1000,"issuedQuantity":0,"terms":{"name":"3,000 off","discountType":"FIXED","discountAmount":3000,"maxDiscount":null,"minOrderAmount":null,"startedAt":1767225600000,"expiredAt":2082758400000},"endedAt":null}]]]]}', 2306094377),
(5, 'seed', 1767582000000, '{"since":1767582000000,"addresses":["coupon/202","door/mk0koo00-0-4"],"entries":[[0,1,0,"mk0koo00-0-4","mk0koo00-0-4",1,{"type":"CreateCoupon","couponId":202,"totalQuantity":1,"terms":{"name":"10 percent off, once, for half a minute","discountType":"RATE","discountAmount":10,"maxDiscount":5000,"minOrderAmount":10000,"startedAt":1767225600000,"expiredAt":1767582030000}},0,null,[[[],{"couponId":202,"totalQuantity":1,"issuedQuantity":0,"terms":{"name":"10 percent off, once, for half a minute","discountType":"RATE","discountAmount":10,"maxDiscount":5000,"minOrderAmount":10000,"startedAt":1767225600000,"expiredAt":1767582030000},"endedAt":null}]]]]}', 3663232146),
(6, 'seed', 1767582000000, '{"since":1767582000000,"addresses":["stock/1011","door/mk0koo00-0-6"],"entries":[[0,1,0,"mk0koo00-0-6","mk0koo00-0-6",1,{"type":"Restock","quantity":10},0,null,[[[],{"productOptionId":1011,"quantity":10}]]]]}', 1200086209),
(7, 'seed', 1767582000000, '{"since":1767582000000,"addresses":["stock/1012","door/mk0koo00-0-7"],"entries":[[0,1,0,"mk0koo00-0-7","mk0koo00-0-7",1,{"type":"Restock","quantity":10},0,null,[[[],{"productOptionId":1012,"quantity":10}]]]]}', 3672529912),
(8, 'seed', 1767582000000, '{"since":1767582000000,"addresses":["balance/1","door/mk0koo00-0-a"],"entries":[[0,2,0,"mk0koo00-0-a","mk0koo00-0-a",1,{"type":"ChargeBalance","amount":300000},0,null,[[["amount"],300000]]]]}', 2869043772),
(9, 'http/2069618688000000', 1767582000000, '{"since":1767582000000,"addresses":["coupon/201","door/mk0koo00-0-g"],"entries":[[0,2,0,"mk0koo00-0-g","mk0koo00-0-g",1,{"type":"IssueCoupon","customerId":1},0,null,[[["issuedQuantity"],1]]]]}', 1352072534);

INSERT INTO ledger_lines VALUES
(1, 1, 'wallet/1', 300000, 300000, 'CHARGE', 'mk0koo00-0-a', 1767582000000, x'ae8be8bf67c1560240129e033316803c1399fc62adf8e89bcb8ad1de33cb85e1'),
(2, 1, 'cash-in', -300000, null, 'CHARGE', 'mk0koo00-0-a', 1767582000000, x'bd352a230b890aea0620876cab63867dadad2a46cf6c75c924538ba3c36ffcab');

INSERT INTO mailbox VALUES
(1, 'mk0koo00-0-h', '{"id":"mk0koo00-0-h","version":1,"from":"coupon/201","to":"ownedCoupon/201:1","message":{"type":"GrantCoupon","couponId":201,"customerId":1,"terms":{"name":"3,000 off","discountType":"FIXED","discountAmount":3000,"maxDiscount":null,"minOrderAmount":null,"startedAt":1767225600000,"expiredAt":2082758400000}},"fresh":false,"correlationId":"http/2069618688000000","causationId":"mk0koo00-0-g"}');

INSERT INTO meta VALUES
('currency', 'KRW'),
('runBy', '[["balance",1,[],["amount","customerId"]],["campaignQuota",1,[],["admittedAt"]],["coupon",1,[],["couponId","endedAt","issuedQuantity","terms","totalQuantity"]],["customer",1,[],["customerId","disabled","roles","username"]],["deadLetter",1,[],[]],["order",1,[],["CREATED","PAYING","PAID","PARTIALLY_RETURNED","RETURNED","CANCELLED","EXPIRED"]],["ownedCoupon",1,[],["couponId","customerId","issuedAt","orderId","status","terms"]],["payment",1,[],["idle","paying.claimingOrder","paying.decreasingStock","paying.usingCoupon","paying.deductingBalance","paying.recordingPayment","paying.recordingStatistics","compensating.voidingPayment","compensating.refundingBalance","compensating.restoringCoupon","compensating.restoringStock","compensating.releasingOrder","failed","completed","returning.refunding","returning.givingCouponBack","returning.restocking","returning.reversingStatistics","returning.recordingReturn","returned"]],["product",1,[],["basePrice","name","options","productId"]],["request",1,[],[]],["staffCredit",1,[],[]],["statistics",1,[],["recorded","returns"]],["stock",1,[],["productOptionId","quantity"]]]'),
('timeZone', 'Asia/Seoul');

INSERT INTO product_options VALUES
(1011, 101, 'S', 0),
(1012, 101, 'M', 1000);

INSERT INTO products VALUES
(101, 'Linen shirt', 39000, 'LINEN SHIRT');

INSERT INTO snapshots VALUES
('balance', '1', 1, 2, '{"customerId":1,"amount":300000}', 3655390303),
('coupon', '201', 1, 2, '{"couponId":201,"totalQuantity":1000,"issuedQuantity":1,"terms":{"name":"3,000 off","discountType":"FIXED","discountAmount":3000,"maxDiscount":null,"minOrderAmount":null,"startedAt":1767225600000,"expiredAt":2082758400000},"endedAt":null}', 51752387),
('coupon', '202', 1, 1, '{"couponId":202,"totalQuantity":1,"issuedQuantity":0,"terms":{"name":"10 percent off, once, for half a minute","discountType":"RATE","discountAmount":10,"maxDiscount":5000,"minOrderAmount":10000,"startedAt":1767225600000,"expiredAt":1767582030000},"endedAt":null}', 2815388),
('customer', '1', 1, 1, '{"customerId":1,"username":"minji","roles":[],"disabled":false}', 2295380290),
('product', '101', 1, 1, '{"productId":101,"name":"Linen shirt","basePrice":39000,"options":[{"productOptionId":1011,"optionName":"S","extraPrice":0},{"productOptionId":1012,"optionName":"M","extraPrice":1000}]}', 264600330),
('stock', '1011', 1, 1, '{"productOptionId":1011,"quantity":10}', 733620941),
('stock', '1012', 1, 1, '{"productOptionId":1012,"quantity":10}', 2081085081);

INSERT INTO stock_movements VALUES
(1, 1011, 'RESTOCK', 10, '', 1767582000000),
(2, 1012, 'RESTOCK', 10, '', 1767582000000);

INSERT INTO usernames VALUES
('minji', 1);
