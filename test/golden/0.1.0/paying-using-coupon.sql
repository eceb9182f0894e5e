PRAGMA user_version = 8;

INSERT INTO coupon_campaigns VALUES
(201, 1767225600000, 2082758400000),
(202, 1767225600000, 1767582030000);

INSERT INTO coupon_issues VALUES
(201, 1, 1767582000000);

INSERT INTO customer_orders VALUES
(1, 2069618688000000);

INSERT INTO inbox VALUES
('2069618688000000/1', 1767582000000, '[["order/2069618688000000","beginPayment",{"type":"BeginPayment","attempt":1},{"type":"OrderPaymentBegun","customerId":1,"items":[{"productId":101,"productOptionId":1011,"quantity":2,"unitPrice":39000},{"productId":101,"productOptionId":1012,"quantity":1,"unitPrice":40000}],"totalPrice":118000}],["stock/1011","decreaseStock/1011",{"type":"DecreaseStock","quantity":2},{"type":"StockDecreased","productOptionId":1011}],["stock/1012","decreaseStock/1012",{"type":"DecreaseStock","quantity":1},{"type":"StockDecreased","productOptionId":1012}],["ownedCoupon/201:1","useCoupon",{"type":"UseCoupon","orderId":2069618688000000,"totalPrice":118000},{"type":"CouponUsed","discountAmount":3000}]]');

INSERT INTO journal VALUES
(1, 'seed', 1767582000000, '{"since":1767582000000,"addresses":["product/101","door/mk0koo00-0-1","customer/1","door/mk0koo00-0-2","balance/1","coupon/201","door/mk0koo00-0-3","coupon/202","door/mk0koo00-0-4"],"entries":[[0,1,0,"mk0koo00-0-1","mk0koo00-0-1",1,{"type":"CreateProduct","productId":101,"name":"Linen shirt","basePrice":39000,"options":[{"productOptionId":1011,"optionName":"S","extraPrice":0},{"productOptionId":1012,"optionName":"M","extraPrice":1000}]},0,null,[[[],{"productId":101,"name":"Linen shirt","basePrice":39000,"options":[{"productOptionId":1011,"optionName":"S","extraPrice":0},{"productOptionId":1012,"optionName":"M","extraPrice":1000}]}]]],[2,1,0,"mk0koo00-0-2","mk0koo00-0-2",3,{"type":"CreateCustomer","customerId":1,"username":"minji"},0,null,[[[],{"customerId":1,"username":"minji","roles":[],"disabled":false}]]],[4,1,0,"mk0koo00-0-6","mk0koo00-0-2",2,{"type":"OpenBalance","customerId":1},0,null,[[[],{"customerId":1,"amount":0}]]],[5,1,0,"mk0koo00-0-3","mk0koo00-0-3",6,{"type":"CreateCoupon","couponId":201,"totalQuantity":1000,"terms":{"name":"3,000 off","discountType":"FIXED","discountAmount":3000,"maxDiscount":null,"minOrderAmount":null,"startedAt":1767225600000,"expiredAt":2082758400000}},0,null,[[[],{"couponId":201,"totalQuantity":1000,"issuedQuantity":0,"terms":{"name":"3,000 off","discountType":"FIXED","discountAmount":3000,"maxDiscount":null,"minOrderAmount":null,"startedAt":1767225600000,"expiredAt":2082758400000},"endedAt":null}]]],[7,1,0,"mk0koo00-0-4","mk0koo00-0-4",8,{"type":"CreateCoupon","couponId":202,"totalQuantity":1,"terms":{"name":"10 percent off, once, for half a minute","discountType":"RATE","discountAmount":10,"maxDiscount":5000,"minOrderAmount":10000,"startedAt":1767225600000,"expiredAt":1767582030000}},0,null,[[[],{"couponId":202,"totalQuantity":1,"issuedQuantity":0,"terms":{"name":"10 percent off, once, for half a minute","discountType":"RATE","discountAmount":10,"maxDiscount":5000,"minOrderAmount":10000,"startedAt":1767225600000,"expiredAt":1767582030000},"endedAt":null}]]]]}', 61817224),
(2, 'seed', 1767582000000, '{"since":1767582000000,"addresses":["stock/1011","door/mk0koo00-0-a","stock/1012","door/mk0koo00-0-b","balance/1","door/mk0koo00-0-c"],"entries":[[0,1,0,"mk0koo00-0-a","mk0koo00-0-a",1,{"type":"Restock","quantity":10},0,null,[[[],{"productOptionId":1011,"quantity":10}]]],[2,1,0,"mk0koo00-0-b","mk0koo00-0-b",3,{"type":"Restock","quantity":10},0,null,[[[],{"productOptionId":1012,"quantity":10}]]],[4,2,0,"mk0koo00-0-c","mk0koo00-0-c",5,{"type":"ChargeBalance","amount":300000},0,null,[[["amount"],300000]]]]}', 3414983424),
(3, 'order/2069618688000000', 1767582000000, '{"since":1767582000000,"addresses":["order/2069618688000000","door/mk0koo00-0-g"],"entries":[[0,1,0,"mk0koo00-0-g","mk0koo00-0-g",1,{"type":"CreateOrder","orderId":2069618688000000,"customerId":1,"items":[{"productId":101,"productOptionId":1011,"productName":"Linen shirt","optionName":"S","quantity":2,"subtotalPrice":78000},{"productId":101,"productOptionId":1012,"productName":"Linen shirt","optionName":"M","quantity":1,"subtotalPrice":40000}],"expireAfterMs":86400000},0,"CREATED",[[[],{"orderId":2069618688000000,"customerId":1,"items":[{"productId":101,"productOptionId":1011,"productName":"Linen shirt","optionName":"S","quantity":2,"subtotalPrice":78000},{"productId":101,"productOptionId":1012,"productName":"Linen shirt","optionName":"M","quantity":1,"subtotalPrice":40000}],"totalPrice":118000,"createdAt":1767582000000,"expiresAt":1767668400000,"attempt":0,"payment":null,"cancellers":[],"sequence":1}]]]]}', 1156459662),
(4, 'http/2069618688000001', 1767582000000, '{"since":1767582000000,"addresses":["coupon/201","door/mk0koo00-0-i","ownedCoupon/201:1"],"entries":[[0,2,0,"mk0koo00-0-i","mk0koo00-0-i",1,{"type":"IssueCoupon","customerId":1},0,null,[[["issuedQuantity"],1]]],[2,1,0,"mk0koo00-0-j","mk0koo00-0-i",0,{"type":"GrantCoupon","couponId":201,"customerId":1,"terms":{"name":"3,000 off","discountType":"FIXED","discountAmount":3000,"maxDiscount":null,"minOrderAmount":null,"startedAt":1767225600000,"expiredAt":2082758400000}},0,null,[[[],{"couponId":201,"customerId":1,"terms":{"name":"3,000 off","discountType":"FIXED","discountAmount":3000,"maxDiscount":null,"minOrderAmount":null,"startedAt":1767225600000,"expiredAt":2082758400000},"status":"AVAILABLE","orderId":null,"issuedAt":1767582000000}]]]]}', 1249908408),
(5, 'order/2069618688000000', 1767582000000, '{"since":1767582000000,"addresses":["payment/2069618688000000","door/mk0koo00-0-l","order/2069618688000000","stock/1011","stock/1012","ownedCoupon/201:1"],"entries":[[0,1,0,"mk0koo00-0-l","mk0koo00-0-l",1,{"type":"PayOrder","orderId":2069618688000000,"couponId":201},0,{"paying":"claimingOrder"},[[[],{"orderId":2069618688000000,"attempt":1,"couponId":201,"payer":{"from":"door/mk0koo00-0-l","id":"mk0koo00-0-l"},"customerId":null,"items":[],"originalPrice":null,"discountAmount":null,"paidAt":null,"order":"sent","stock":[],"awaited":0,"coupon":"unsent","balance":"unsent","record":"unsent","failure":null,"failedItem":null,"resends":0,"returns":null}]]],[2,2,0,"mk0koo00-0-m","mk0koo00-0-l",0,{"type":"BeginPayment","attempt":1},1,"PAYING",[[["attempt"],1],[["sequence"],2]]],[0,2,0,"mk0koo00-0-n","mk0koo00-0-m",2,{"type":"OrderPaymentBegun","customerId":1,"items":[{"productId":101,"productOptionId":1011,"quantity":2,"unitPrice":39000},{"productId":101,"productOptionId":1012,"quantity":1,"unitPrice":40000}],"totalPrice":118000},1,{"paying":"decreasingStock"},[[["customerId"],1],[["items"],[{"productId":101,"productOptionId":1011,"quantity":2,"unitPrice":39000},{"productId":101,"productOptionId":1012,"quantity":1,"unitPrice":40000}]],[["originalPrice"],118000],[["order"],"done"],[["stock"],["sent","sent"]],[["awaited"],2]]],[3,2,0,"mk0koo00-0-o","mk0koo00-0-n",0,{"type":"DecreaseStock","quantity":2},1,null,[[["quantity"],8]]],[4,2,0,"mk0koo00-0-p","mk0koo00-0-n",0,{"type":"DecreaseStock","quantity":1},1,null,[[["quantity"],9]]],[0,3,0,"mk0koo00-0-q","mk0koo00-0-o",3,{"type":"StockDecreased","productOptionId":1011},1,{"paying":"decreasingStock"},[[["stock",0],"done"],[["awaited"],1]]],[0,4,0,"mk0koo00-0-r","mk0koo00-0-p",4,{"type":"StockDecreased","productOptionId":1012},1,{"paying":"usingCoupon"},[[["stock",1],"done"],[["awaited"],0],[["coupon"],"sent"]]],[5,2,0,"mk0koo00-0-s","mk0koo00-0-r",0,{"type":"UseCoupon","orderId":2069618688000000,"totalPrice":118000},1,null,[[["status"],"USED"],[["orderId"],2069618688000000]]]]}', 4006505960);

INSERT INTO ledger_lines VALUES
(1, 1, 'wallet/1', 300000, 300000, 'CHARGE', 'mk0koo00-0-c', 1767582000000, x'79113472038a4fe110d4c4ae115c73e45d4cf376ba2bd039382634501c38566f'),
(2, 1, 'cash-in', -300000, null, 'CHARGE', 'mk0koo00-0-c', 1767582000000, x'c3fdebcc24fcddb3652cef64c0c754d700f826054e5453360181a5633263fcda');

INSERT INTO meta VALUES
('currency', 'KRW'),
('runBy', '[["balance",1,[],["amount","customerId"]],["campaignQuota",1,[],["admittedAt"]],["coupon",1,[],["couponId","endedAt","issuedQuantity","terms","totalQuantity"]],["customer",1,[],["customerId","disabled","roles","username"]],["deadLetter",1,[],[]],["order",1,[],["CREATED","PAYING","PAID","PARTIALLY_RETURNED","RETURNED","CANCELLED","EXPIRED"]],["ownedCoupon",1,[],["couponId","customerId","issuedAt","orderId","status","terms"]],["payment",1,[],["idle","paying.claimingOrder","paying.decreasingStock","paying.usingCoupon","paying.deductingBalance","paying.recordingPayment","paying.recordingStatistics","compensating.voidingPayment","compensating.refundingBalance","compensating.restoringCoupon","compensating.restoringStock","compensating.releasingOrder","failed","completed","returning.refunding","returning.givingCouponBack","returning.restocking","returning.reversingStatistics","returning.recordingReturn","returned"]],["product",1,[],["basePrice","name","options","productId"]],["request",1,[],[]],["staffCredit",1,[],[]],["statistics",1,[],["recorded","returns"]],["stock",1,[],["productOptionId","quantity"]]]'),
('timeZone', 'Asia/Seoul');

INSERT INTO order_events VALUES
(2069618688000000, 1, 'OrderCreated', 'CREATED', 1767582000000, '{"customerId":1,"items":[{"productId":101,"productOptionId":1011,"productName":"Linen shirt","optionName":"S","quantity":2,"subtotalPrice":78000},{"productId":101,"productOptionId":1012,"productName":"Linen shirt","optionName":"M","quantity":1,"subtotalPrice":40000}],"totalPrice":118000,"expiresAt":1767668400000}'),
(2069618688000000, 2, 'PaymentBegun', 'PAYING', 1767582000000, '{"attempt":1}');

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
('order', '2069618688000000', 1, 2, '{"value":"PAYING","context":{"orderId":2069618688000000,"customerId":1,"items":[{"productId":101,"productOptionId":1011,"productName":"Linen shirt","optionName":"S","quantity":2,"subtotalPrice":78000},{"productId":101,"productOptionId":1012,"productName":"Linen shirt","optionName":"M","quantity":1,"subtotalPrice":40000}],"totalPrice":118000,"createdAt":1767582000000,"expiresAt":1767668400000,"attempt":1,"payment":null,"cancellers":[],"sequence":2}}', 3185266144),
('ownedCoupon', '201:1', 1, 2, '{"couponId":201,"customerId":1,"terms":{"name":"3,000 off","discountType":"FIXED","discountAmount":3000,"maxDiscount":null,"minOrderAmount":null,"startedAt":1767225600000,"expiredAt":2082758400000},"status":"USED","orderId":2069618688000000,"issuedAt":1767582000000}', 4086027006),
('payment', '2069618688000000', 1, 4, '{"value":{"paying":"usingCoupon"},"context":{"orderId":2069618688000000,"attempt":1,"couponId":201,"payer":{"from":"door/mk0koo00-0-l","id":"mk0koo00-0-l"},"customerId":1,"items":[{"productId":101,"productOptionId":1011,"quantity":2,"unitPrice":39000},{"productId":101,"productOptionId":1012,"quantity":1,"unitPrice":40000}],"originalPrice":118000,"discountAmount":null,"paidAt":null,"order":"done","stock":["done","done"],"awaited":0,"coupon":"sent","balance":"unsent","record":"unsent","failure":null,"failedItem":null,"resends":0,"returns":null}}', 1790422421),
('product', '101', 1, 1, '{"productId":101,"name":"Linen shirt","basePrice":39000,"options":[{"productOptionId":1011,"optionName":"S","extraPrice":0},{"productOptionId":1012,"optionName":"M","extraPrice":1000}]}', 264600330),
('stock', '1011', 1, 2, '{"productOptionId":1011,"quantity":8}', 187610494),
('stock', '1012', 1, 2, '{"productOptionId":1012,"quantity":9}', 3397186891);

INSERT INTO stock_movements VALUES
(1, 1011, 'RESTOCK', 10, '', 1767582000000),
(2, 1012, 'RESTOCK', 10, '', 1767582000000),
(3, 1011, 'DECREASE', 2, '2069618688000000/1/decreaseStock/1011', 1767582000000),
(4, 1012, 'DECREASE', 1, '2069618688000000/1/decreaseStock/1012', 1767582000000);

INSERT INTO timers VALUES
('ownedCoupon/201:1', 'ExpireCoupon', 2082758400001, 1, 'http/2069618688000001'),
('payment/2069618688000000', 'xstate.after.silence.payment.paying.usingCoupon', 1767582002000, 4, 'order/2069618688000000');

INSERT INTO usernames VALUES
('minji', 1);
