PRAGMA user_version = 8;

INSERT INTO coupon_campaigns VALUES
(201, 1767225600000, 2082758400000),
(202, 1767225600000, 1767582030000);

INSERT INTO coupon_issues VALUES
(202, 1, 1767582000000);

INSERT INTO journal VALUES
(1, 'seed', 1767582000000, '{"since":1767582000000,"addresses":["product/101","door/mk0koo00-0-1","customer/1","door/mk0koo00-0-2","balance/1","coupon/201","door/mk0koo00-0-3","coupon/202","door/mk0koo00-0-4"],"entries":[[0,1,0,"mk0koo00-0-1","mk0koo00-0-1",1,{"type":"CreateProduct","productId":101,"name":"Linen shirt","basePrice":39000,"options":[{"productOptionId":1011,"optionName":"S","extraPrice":0},{"productOptionId":1012,"optionName":"M","extraPrice":1000}]},0,null,[[[],{"productId":101,"name":"Linen shirt","basePrice":39000,"options":[{"productOptionId":1011,"optionName":"S","extraPrice":0},{"productOptionId":1012,"optionName":"M","extraPrice":1000}]}]]],[2,1,0,"mk0koo00-0-2","mk0koo00-0-2",3,{"type":"CreateCustomer","customerId":1,"username":"minji"},0,null,[[[],{"customerId":1,"username":"minji","roles":[],"disabled":false}]]],[4,1,0,"mk0koo00-0-6","mk0koo00-0-2",2,{"type":"OpenBalance","customerId":1},0,null,[[[],{"customerId":1,"amount":0}]]],[5,1,0,"mk0koo00-0-3","mk0koo00-0-3",6,{"type":"CreateCoupon","couponId":201,"totalQuantity":1000,"terms":{"name":"3,000 off","discountType":"FIXED","discountAmount":3000,"maxDiscount":null,"minOrderAmount":null,"startedAt":1767225600000,"expiredAt":2082758400000}},0,null,[[[],{"couponId":201,"totalQuantity":1000,"issuedQuantity":0,"terms":{"name":"3,000 off","discountType":"FIXED","discountAmount":3000,"maxDiscount":null,"minOrderAmount":null,"startedAt":1767225600000,"expiredAt":2082758400000},"endedAt":null}]]],[7,1,0,"mk0koo00-0-4","mk0koo00-0-4",8,{"type":"CreateCoupon","couponId":202,"totalQuantity":1,"terms":{"name":"10 percent off, once, for half a minute","discountType":"RATE","discountAmount":10,"maxDiscount":5000,"minOrderAmount":10000,"startedAt":1767225600000,"expiredAt":1767582030000}},0,null,[[[],{"couponId":202,"totalQuantity":1,"issuedQuantity":0,"terms":{"name":"10 percent off, once, for half a minute","discountType":"RATE","discountAmount":10,"maxDiscount":5000,"minOrderAmount":10000,"startedAt":1767225600000,"expiredAt":1767582030000},"endedAt":null}]]]]}', 61817224),
(2, 'seed', 1767582000000, '{"since":1767582000000,"addresses":["stock/1011","door/mk0koo00-0-a","stock/1012","door/mk0koo00-0-b","balance/1","door/mk0koo00-0-c"],"entries":[[0,1,0,"mk0koo00-0-a","mk0koo00-0-a",1,{"type":"Restock","quantity":10},0,null,[[[],{"productOptionId":1011,"quantity":10}]]],[2,1,0,"mk0koo00-0-b","mk0koo00-0-b",3,{"type":"Restock","quantity":10},0,null,[[[],{"productOptionId":1012,"quantity":10}]]],[4,2,0,"mk0koo00-0-c","mk0koo00-0-c",5,{"type":"ChargeBalance","amount":300000},0,null,[[["amount"],300000]]]]}', 3414983424),
(3, 'http/2069618688000000', 1767582000000, '{"since":1767582000000,"addresses":["coupon/202","door/mk0koo00-0-g","ownedCoupon/202:1"],"entries":[[0,2,0,"mk0koo00-0-g","mk0koo00-0-g",1,{"type":"IssueCoupon","customerId":1},0,null,[[["issuedQuantity"],1]]],[2,1,0,"mk0koo00-0-h","mk0koo00-0-g",0,{"type":"GrantCoupon","couponId":202,"customerId":1,"terms":{"name":"10 percent off, once, for half a minute","discountType":"RATE","discountAmount":10,"maxDiscount":5000,"minOrderAmount":10000,"startedAt":1767225600000,"expiredAt":1767582030000}},0,null,[[[],{"couponId":202,"customerId":1,"terms":{"name":"10 percent off, once, for half a minute","discountType":"RATE","discountAmount":10,"maxDiscount":5000,"minOrderAmount":10000,"startedAt":1767225600000,"expiredAt":1767582030000},"status":"AVAILABLE","orderId":null,"issuedAt":1767582000000}]]]]}', 2612287992),
(4, 'http/2069618688000000', 1767582030001, '{"since":1767582030001,"addresses":["ownedCoupon/202:1"],"entries":[[0,2,0,"timer/ownedCoupon/202:1/ExpireCoupon/1","timer/ownedCoupon/202:1/ExpireCoupon/1",0,{"type":"ExpireCoupon"},0,null,[[["status"],"EXPIRED"]]]]}', 1551121036);

INSERT INTO ledger_lines VALUES
(1, 1, 'wallet/1', 300000, 300000, 'CHARGE', 'mk0koo00-0-c', 1767582000000, x'79113472038a4fe110d4c4ae115c73e45d4cf376ba2bd039382634501c38566f'),
(2, 1, 'cash-in', -300000, null, 'CHARGE', 'mk0koo00-0-c', 1767582000000, x'c3fdebcc24fcddb3652cef64c0c754d700f826054e5453360181a5633263fcda');

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
('coupon', '201', 1, 1, '{"couponId":201,"totalQuantity":1000,"issuedQuantity":0,"terms":{"name":"3,000 off","discountType":"FIXED","discountAmount":3000,"maxDiscount":null,"minOrderAmount":null,"startedAt":1767225600000,"expiredAt":2082758400000},"endedAt":null}', 4134089041),
('coupon', '202', 1, 2, '{"couponId":202,"totalQuantity":1,"issuedQuantity":1,"terms":{"name":"10 percent off, once, for half a minute","discountType":"RATE","discountAmount":10,"maxDiscount":5000,"minOrderAmount":10000,"startedAt":1767225600000,"expiredAt":1767582030000},"endedAt":null}', 2422627430),
('customer', '1', 1, 1, '{"customerId":1,"username":"minji","roles":[],"disabled":false}', 2295380290),
('ownedCoupon', '202:1', 1, 2, '{"couponId":202,"customerId":1,"terms":{"name":"10 percent off, once, for half a minute","discountType":"RATE","discountAmount":10,"maxDiscount":5000,"minOrderAmount":10000,"startedAt":1767225600000,"expiredAt":1767582030000},"status":"EXPIRED","orderId":null,"issuedAt":1767582000000}', 1138932352),
('product', '101', 1, 1, '{"productId":101,"name":"Linen shirt","basePrice":39000,"options":[{"productOptionId":1011,"optionName":"S","extraPrice":0},{"productOptionId":1012,"optionName":"M","extraPrice":1000}]}', 264600330),
('stock', '1011', 1, 1, '{"productOptionId":1011,"quantity":10}', 733620941),
('stock', '1012', 1, 1, '{"productOptionId":1012,"quantity":10}', 2081085081);

INSERT INTO stock_movements VALUES
(1, 1011, 'RESTOCK', 10, '', 1767582000000),
(2, 1012, 'RESTOCK', 10, '', 1767582000000);

INSERT INTO usernames VALUES
('minji', 1);
