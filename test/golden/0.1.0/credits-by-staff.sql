PRAGMA user_version = 8;

INSERT INTO audit_log VALUES
(1, 1767582000000, 'minji', 'ChargeBalance', 'balance/1', 'A gift.', 'BalanceCharged', x'723f836c2e1a70d27c725ec46dcad3357c756d814179bd0b8fb543b55614240d'),
(2, 1767582000000, 'minji', 'ChargeBalance', 'balance/1', 'A gift.', 'BalanceCharged', x'57d19f35fb5638b12b23f386f277c740dfba5d8f59a37a952f06ab42c50bc1fb');

INSERT INTO coupon_campaigns VALUES
(201, 1767225600000, 2082758400000),
(202, 1767225600000, 1767582030000);

INSERT INTO inbox VALUES
('staffCredit/1', 1767582000000, '[["balance/1","charge",{"type":"ChargeBalance","amount":5000},{"type":"BalanceCharged","customerId":1,"amount":305000}]]'),
('staffCredit/4', 1767582000000, '[["balance/1","charge",{"type":"ChargeBalance","amount":5000},{"type":"BalanceCharged","customerId":1,"amount":310000}]]');

INSERT INTO journal VALUES
(1, 'seed', 1767582000000, '{"since":1767582000000,"addresses":["product/101","door/mk0koo00-0-1","customer/1","door/mk0koo00-0-2","balance/1","coupon/201","door/mk0koo00-0-3","coupon/202","door/mk0koo00-0-4"],"entries":[[0,1,0,"mk0koo00-0-1","mk0koo00-0-1",1,{"type":"CreateProduct","productId":101,"name":"Linen shirt","basePrice":39000,"options":[{"productOptionId":1011,"optionName":"S","extraPrice":0},{"productOptionId":1012,"optionName":"M","extraPrice":1000}]},0,null,[[[],{"productId":101,"name":"Linen shirt","basePrice":39000,"options":[{"productOptionId":1011,"optionName":"S","extraPrice":0},{"productOptionId":1012,"optionName":"M","extraPrice":1000}]}]]],[2,1,0,"mk0koo00-0-2","mk0koo00-0-2",3,{"type":"CreateCustomer","customerId":1,"username":"minji"},0,null,[[[],{"customerId":1,"username":"minji","roles":[],"disabled":false}]]],[4,1,0,"mk0koo00-0-6","mk0koo00-0-2",2,{"type":"OpenBalance","customerId":1},0,null,[[[],{"customerId":1,"amount":0}]]],[5,1,0,"mk0koo00-0-3","mk0koo00-0-3",6,{"type":"CreateCoupon","couponId":201,"totalQuantity":1000,"terms":{"name":"3,000 off","discountType":"FIXED","discountAmount":3000,"maxDiscount":null,"minOrderAmount":null,"startedAt":1767225600000,"expiredAt":2082758400000}},0,null,[[[],{"couponId":201,"totalQuantity":1000,"issuedQuantity":0,"terms":{"name":"3,000 off","discountType":"FIXED","discountAmount":3000,"maxDiscount":null,"minOrderAmount":null,"startedAt":1767225600000,"expiredAt":2082758400000},"endedAt":null}]]],[7,1,0,"mk0koo00-0-4","mk0koo00-0-4",8,{"type":"CreateCoupon","couponId":202,"totalQuantity":1,"terms":{"name":"10 percent off, once, for half a minute","discountType":"RATE","discountAmount":10,"maxDiscount":5000,"minOrderAmount":10000,"startedAt":1767225600000,"expiredAt":1767582030000}},0,null,[[[],{"couponId":202,"totalQuantity":1,"issuedQuantity":0,"terms":{"name":"10 percent off, once, for half a minute","discountType":"RATE","discountAmount":10,"maxDiscount":5000,"minOrderAmount":10000,"startedAt":1767225600000,"expiredAt":1767582030000},"endedAt":null}]]]]}', 61817224),
(2, 'seed', 1767582000000, '{"since":1767582000000,"addresses":["stock/1011","door/mk0koo00-0-a","stock/1012","door/mk0koo00-0-b","balance/1","door/mk0koo00-0-c"],"entries":[[0,1,0,"mk0koo00-0-a","mk0koo00-0-a",1,{"type":"Restock","quantity":10},0,null,[[[],{"productOptionId":1011,"quantity":10}]]],[2,1,0,"mk0koo00-0-b","mk0koo00-0-b",3,{"type":"Restock","quantity":10},0,null,[[[],{"productOptionId":1012,"quantity":10}]]],[4,2,0,"mk0koo00-0-c","mk0koo00-0-c",5,{"type":"ChargeBalance","amount":300000},0,null,[[["amount"],300000]]]]}', 3414983424),
(3, 'staffCredit/1', 1767582000000, '{"since":1767582000000,"addresses":["staffCredit/1","door/mk0koo00-0-g","balance/1"],"entries":[[0,1,0,"mk0koo00-0-g","mk0koo00-0-g",1,{"type":"ProposeCredit","creditId":1,"approvalLimit":5000,"customerId":1,"amount":5000,"reason":"A gift.","by":{"id":1,"name":"minji"}},0,null,[[[],{"creditId":1,"customerId":1,"amount":5000,"reason":"A gift.","status":"CREDITING","proposedBy":{"id":1,"name":"minji"},"proposedAt":1767582000000,"decidedBy":null,"crediting":{"caller":{"from":"door/mk0koo00-0-g","id":"mk0koo00-0-g"},"asked":"ProposeCredit","operator":{"name":"minji","reason":"A gift."},"resends":0}}]]],[2,3,0,"mk0koo00-0-h","mk0koo00-0-g",0,{"type":"ChargeBalance","amount":5000},1,null,[[["amount"],305000]]],[0,2,0,"mk0koo00-0-i","mk0koo00-0-h",2,{"type":"BalanceCharged","customerId":1,"amount":305000},1,null,[[["status"],"CREDITED"],[["crediting"]]]]]}', 787818728),
(4, 'staffCredit/2', 1767582000000, '{"since":1767582000000,"addresses":["staffCredit/2","door/mk0koo00-0-k"],"entries":[[0,1,0,"mk0koo00-0-k","mk0koo00-0-k",1,{"type":"ProposeCredit","creditId":2,"approvalLimit":0,"customerId":1,"amount":5000,"reason":"A gift.","by":{"id":1,"name":"minji"}},0,null,[[[],{"creditId":2,"customerId":1,"amount":5000,"reason":"A gift.","status":"PROPOSED","proposedBy":{"id":1,"name":"minji"},"proposedAt":1767582000000,"decidedBy":null}]]]]}', 2326562854),
(5, 'staffCredit/3', 1767582000000, '{"since":1767582000000,"addresses":["staffCredit/3","door/mk0koo00-0-m"],"entries":[[0,1,0,"mk0koo00-0-m","mk0koo00-0-m",1,{"type":"ProposeCredit","creditId":3,"approvalLimit":0,"customerId":1,"amount":5000,"reason":"A gift.","by":{"id":1,"name":"minji"}},0,null,[[[],{"creditId":3,"customerId":1,"amount":5000,"reason":"A gift.","status":"PROPOSED","proposedBy":{"id":1,"name":"minji"},"proposedAt":1767582000000,"decidedBy":null}]]]]}', 4005734144),
(6, 'staffCredit/3', 1767582000000, '{"since":1767582000000,"addresses":["staffCredit/3","door/mk0koo00-0-o"],"entries":[[0,2,0,"mk0koo00-0-o","mk0koo00-0-o",1,{"type":"DeclineCredit","by":{"id":1,"name":"minji"}},0,null,[[["status"],"DECLINED"],[["decidedBy"],{"id":1,"name":"minji"}]]]]}', 2142061703),
(7, 'staffCredit/4', 1767582000000, '{"since":1767582000000,"addresses":["staffCredit/4","door/mk0koo00-0-q","balance/1"],"entries":[[0,1,0,"mk0koo00-0-q","mk0koo00-0-q",1,{"type":"ProposeCredit","creditId":4,"approvalLimit":5000,"customerId":1,"amount":5000,"reason":"A gift.","by":{"id":1,"name":"minji"}},0,null,[[[],{"creditId":4,"customerId":1,"amount":5000,"reason":"A gift.","status":"CREDITING","proposedBy":{"id":1,"name":"minji"},"proposedAt":1767582000000,"decidedBy":null,"crediting":{"caller":{"from":"door/mk0koo00-0-q","id":"mk0koo00-0-q"},"asked":"ProposeCredit","operator":{"name":"minji","reason":"A gift."},"resends":0}}]]],[2,4,0,"mk0koo00-0-r","mk0koo00-0-q",0,{"type":"ChargeBalance","amount":5000},1,null,[[["amount"],310000]]]]}', 1762348339);

INSERT INTO ledger_lines VALUES
(1, 1, 'wallet/1', 300000, 300000, 'CHARGE', 'mk0koo00-0-c', 1767582000000, x'79113472038a4fe110d4c4ae115c73e45d4cf376ba2bd039382634501c38566f'),
(2, 1, 'cash-in', -300000, null, 'CHARGE', 'mk0koo00-0-c', 1767582000000, x'c3fdebcc24fcddb3652cef64c0c754d700f826054e5453360181a5633263fcda'),
(3, 2, 'wallet/1', 5000, 305000, 'CHARGE', 'staffCredit/1/charge', 1767582000000, x'636b14dfd396fa6ed7ff454814c03b7de376d8834deeb4953f4dd24a65559b17'),
(4, 2, 'cash-in', -5000, null, 'CHARGE', 'staffCredit/1/charge', 1767582000000, x'9850fcc5718b683859e1ea586d466ad932a66458578de053073b74205174f275'),
(5, 3, 'wallet/1', 5000, 310000, 'CHARGE', 'staffCredit/4/charge', 1767582000000, x'd7e23e61c2d630e2d6fe09a2a74e36ee1a97d81f9ad194f5187e03f85bf12f50'),
(6, 3, 'cash-in', -5000, null, 'CHARGE', 'staffCredit/4/charge', 1767582000000, x'67263319c6359dad34498fa4e9b8340ae237f4b8e96d8d000a4783bdbe831a16');

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
('balance', '1', 1, 4, '{"customerId":1,"amount":310000}', 3383877966),
('coupon', '201', 1, 1, '{"couponId":201,"totalQuantity":1000,"issuedQuantity":0,"terms":{"name":"3,000 off","discountType":"FIXED","discountAmount":3000,"maxDiscount":null,"minOrderAmount":null,"startedAt":1767225600000,"expiredAt":2082758400000},"endedAt":null}', 4134089041),
('coupon', '202', 1, 1, '{"couponId":202,"totalQuantity":1,"issuedQuantity":0,"terms":{"name":"10 percent off, once, for half a minute","discountType":"RATE","discountAmount":10,"maxDiscount":5000,"minOrderAmount":10000,"startedAt":1767225600000,"expiredAt":1767582030000},"endedAt":null}', 2815388),
('customer', '1', 1, 1, '{"customerId":1,"username":"minji","roles":[],"disabled":false}', 2295380290),
('product', '101', 1, 1, '{"productId":101,"name":"Linen shirt","basePrice":39000,"options":[{"productOptionId":1011,"optionName":"S","extraPrice":0},{"productOptionId":1012,"optionName":"M","extraPrice":1000}]}', 264600330),
('staffCredit', '1', 1, 2, '{"creditId":1,"customerId":1,"amount":5000,"reason":"A gift.","status":"CREDITED","proposedBy":{"id":1,"name":"minji"},"proposedAt":1767582000000,"decidedBy":null}', 655098940),
('staffCredit', '2', 1, 1, '{"creditId":2,"customerId":1,"amount":5000,"reason":"A gift.","status":"PROPOSED","proposedBy":{"id":1,"name":"minji"},"proposedAt":1767582000000,"decidedBy":null}', 4128987835),
('staffCredit', '3', 1, 2, '{"creditId":3,"customerId":1,"amount":5000,"reason":"A gift.","status":"DECLINED","proposedBy":{"id":1,"name":"minji"},"proposedAt":1767582000000,"decidedBy":{"id":1,"name":"minji"}}', 1399328351),
('staffCredit', '4', 1, 1, '{"creditId":4,"customerId":1,"amount":5000,"reason":"A gift.","status":"CREDITING","proposedBy":{"id":1,"name":"minji"},"proposedAt":1767582000000,"decidedBy":null,"crediting":{"caller":{"from":"door/mk0koo00-0-q","id":"mk0koo00-0-q"},"asked":"ProposeCredit","operator":{"name":"minji","reason":"A gift."},"resends":0}}', 2615557727),
('stock', '1011', 1, 1, '{"productOptionId":1011,"quantity":10}', 733620941),
('stock', '1012', 1, 1, '{"productOptionId":1012,"quantity":10}', 2081085081);

INSERT INTO stock_movements VALUES
(1, 1011, 'RESTOCK', 10, '', 1767582000000),
(2, 1012, 'RESTOCK', 10, '', 1767582000000);

INSERT INTO timers VALUES
('staffCredit/4', 'ResendCharge', 1767582002000, 1, 'staffCredit/4');

INSERT INTO usernames VALUES
('minji', 1);
