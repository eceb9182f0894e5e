PRAGMA user_version = 8;

INSERT INTO coupon_campaigns VALUES
(201, 1767225600000, 2082758400000),
(202, 1767225600000, 1767582030000);

INSERT INTO customer_orders VALUES
(1, 2069618688000000);

INSERT INTO inbox VALUES
('2069618688000000/1', 1767582000000, '[["order/2069618688000000","beginPayment",{"type":"BeginPayment","attempt":1},{"type":"OrderPaymentBegun","customerId":1,"items":[{"productId":101,"productOptionId":1011,"quantity":2,"unitPrice":39000},{"productId":101,"productOptionId":1012,"quantity":1,"unitPrice":40000}],"totalPrice":118000}]]'),
('2069618688000000/1', 1767582000000, '[["stock/1011","decreaseStock/1011",{"type":"DecreaseStock","quantity":2},{"type":"StockDecreased","productOptionId":1011}]]'),
('2069618688000000/1', 1767582000000, '[["stock/1012","decreaseStock/1012",{"type":"DecreaseStock","quantity":1},{"type":"StockDecreased","productOptionId":1012}]]');

INSERT INTO journal VALUES
(1, 'seed', 1767582000000, '{"since":1767582000000,"addresses":["product/101","door/mk0koo00-0-1"],"entries":[[0,1,0,"mk0koo00-0-1","mk0koo00-0-1",1,{"type":"CreateProduct","productId":101,"name":"Linen shirt","basePrice":39000,"options":[{"productOptionId":1011,"optionName":"S","extraPrice":0},{"productOptionId":1012,"optionName":"M","extraPrice":1000}]},0,null,[[[],{"productId":101,"name":"Linen shirt","basePrice":39000,"options":[{"productOptionId":1011,"optionName":"S","extraPrice":0},{"productOptionId":1012,"optionName":"M","extraPrice":1000}]}]]]]}', 917604358),
(2, 'seed', 1767582000000, '{"since":1767582000000,"addresses":["customer/1","door/mk0koo00-0-2"],"entries":[[0,1,0,"mk0koo00-0-2","mk0koo00-0-2",1,{"type":"CreateCustomer","customerId":1,"username":"minji"},0,null,[[[],{"customerId":1,"username":"minji","roles":[],"disabled":false}]]]]}', 3470574379),
(3, 'seed', 1767582000000, '{"since":1767582000000,"addresses":["balance/1","customer/1"],"entries":[[0,1,0,"mk0koo00-0-8","mk0koo00-0-2",1,{"type":"OpenBalance","customerId":1},0,null,[[[],{"customerId":1,"amount":0}]]]]}', 1832404876),
(4, 'seed', 1767582000000, '{"since":1767582000000,"addresses":["coupon/201","door/mk0koo00-0-3"],"entries":[[0,1,0,"mk0koo00-0-3","mk0koo00-0-3",1,{"type":"CreateCoupon","couponId":201,"totalQuantity":1000,"terms":{"name":"3,000 off","discountType":"FIXED","discountAmount":3000,"maxDiscount":null,"minOrderAmount":null,"startedAt":1767225600000,"expiredAt":2082758400000}},0,null,[[[],{"couponId":201,"totalQuantity":1000,"issuedQuantity":0,"terms":{"name":"3,000 off","discountType":"FIXED","discountAmount":3000,"maxDiscount":null,"minOrderAmount":null,"startedAt":1767225600000,"expiredAt":2082758400000},"endedAt":null}]]]]}', 2306094377),
(5, 'seed', 1767582000000, '{"since":1767582000000,"addresses":["coupon/202","door/mk0koo00-0-4"],"entries":[[0,1,0,"mk0koo00-0-4","mk0koo00-0-4",1,{"type":"CreateCoupon","couponId":202,"totalQuantity":1,"terms":{"name":"10 percent off, once, for half a minute","discountType":"RATE","discountAmount":10,"maxDiscount":5000,"minOrderAmount":10000,"startedAt":1767225600000,"expiredAt":1767582030000}},0,null,[[[],{"couponId":202,"totalQuantity":1,"issuedQuantity":0,"terms":{"name":"10 percent off, once, for half a minute","discountType":"RATE","discountAmount":10,"maxDiscount":5000,"minOrderAmount":10000,"startedAt":1767225600000,"expiredAt":1767582030000},"endedAt":null}]]]]}', 3663232146),
(6, 'seed', 1767582000000, '{"since":1767582000000,"addresses":["stock/1011","door/mk0koo00-0-6"],"entries":[[0,1,0,"mk0koo00-0-6","mk0koo00-0-6",1,{"type":"Restock","quantity":10},0,null,[[[],{"productOptionId":1011,"quantity":10}]]]]}', 1200086209),
(7, 'seed', 1767582000000, '{"since":1767582000000,"addresses":["stock/1012","door/mk0koo00-0-7"],"entries":[[0,1,0,"mk0koo00-0-7","mk0koo00-0-7",1,{"type":"Restock","quantity":10},0,null,[[[],{"productOptionId":1012,"quantity":10}]]]]}', 3672529912),
(8, 'seed', 1767582000000, '{"since":1767582000000,"addresses":["balance/1","door/mk0koo00-0-a"],"entries":[[0,2,0,"mk0koo00-0-a","mk0koo00-0-a",1,{"type":"ChargeBalance","amount":300000},0,null,[[["amount"],300000]]]]}', 2869043772),
(9, 'order/2069618688000000', 1767582000000, '{"since":1767582000000,"addresses":["order/2069618688000000","door/mk0koo00-0-g"],"entries":[[0,1,0,"mk0koo00-0-g","mk0koo00-0-g",1,{"type":"CreateOrder","orderId":2069618688000000,"customerId":1,"items":[{"productId":101,"productOptionId":1011,"productName":"Linen shirt","optionName":"S","quantity":2,"subtotalPrice":78000},{"productId":101,"productOptionId":1012,"productName":"Linen shirt","optionName":"M","quantity":1,"subtotalPrice":40000}],"expireAfterMs":86400000},0,"CREATED",[[[],{"orderId":2069618688000000,"customerId":1,"items":[{"productId":101,"productOptionId":1011,"productName":"Linen shirt","optionName":"S","quantity":2,"subtotalPrice":78000},{"productId":101,"productOptionId":1012,"productName":"Linen shirt","optionName":"M","quantity":1,"subtotalPrice":40000}],"totalPrice":118000,"createdAt":1767582000000,"expiresAt":1767668400000,"attempt":0,"payment":null,"cancellers":[],"sequence":1}]]]]}', 2715443255),
(10, 'order/2069618688000000', 1767582000000, '{"since":1767582000000,"addresses":["payment/2069618688000000","door/mk0koo00-0-i"],"entries":[[0,1,0,"mk0koo00-0-i","mk0koo00-0-i",1,{"type":"PayOrder","orderId":2069618688000000,"couponId":null},0,{"paying":"claimingOrder"},[[[],{"orderId":2069618688000000,"attempt":1,"couponId":null,"payer":{"from":"door/mk0koo00-0-i","id":"mk0koo00-0-i"},"customerId":null,"items":[],"originalPrice":null,"discountAmount":null,"paidAt":null,"order":"sent","stock":[],"awaited":0,"coupon":"unsent","balance":"unsent","record":"unsent","failure":null,"failedItem":null,"resends":0,"returns":null}]]]]}', 1844536217),
(11, 'order/2069618688000000', 1767582000000, '{"since":1767582000000,"addresses":["order/2069618688000000","payment/2069618688000000"],"entries":[[0,2,0,"mk0koo00-0-j","mk0koo00-0-i",1,{"type":"BeginPayment","attempt":1},1,"PAYING",[[["attempt"],1],[["sequence"],2]]]]}', 648726151),
(12, 'order/2069618688000000', 1767582000000, '{"since":1767582000000,"addresses":["payment/2069618688000000","order/2069618688000000"],"entries":[[0,2,0,"mk0koo00-0-k","mk0koo00-0-j",1,{"type":"OrderPaymentBegun","customerId":1,"items":[{"productId":101,"productOptionId":1011,"quantity":2,"unitPrice":39000},{"productId":101,"productOptionId":1012,"quantity":1,"unitPrice":40000}],"totalPrice":118000},1,{"paying":"decreasingStock"},[[["customerId"],1],[["items"],[{"productId":101,"productOptionId":1011,"quantity":2,"unitPrice":39000},{"productId":101,"productOptionId":1012,"quantity":1,"unitPrice":40000}]],[["originalPrice"],118000],[["order"],"done"],[["stock"],["sent","sent"]],[["awaited"],2]]]]}', 2365936769),
(13, 'order/2069618688000000', 1767582000000, '{"since":1767582000000,"addresses":["stock/1011","payment/2069618688000000"],"entries":[[0,2,0,"mk0koo00-0-l","mk0koo00-0-k",1,{"type":"DecreaseStock","quantity":2},1,null,[[["quantity"],8]]]]}', 1870880474),
(14, 'order/2069618688000000', 1767582000000, '{"since":1767582000000,"addresses":["stock/1012","payment/2069618688000000"],"entries":[[0,2,0,"mk0koo00-0-m","mk0koo00-0-k",1,{"type":"DecreaseStock","quantity":1},1,null,[[["quantity"],9]]]]}', 3558041214),
(15, 'order/2069618688000000', 1767582000000, '{"since":1767582000000,"addresses":["payment/2069618688000000","stock/1011"],"entries":[[0,3,0,"mk0koo00-0-n","mk0koo00-0-l",1,{"type":"StockDecreased","productOptionId":1011},1,{"paying":"decreasingStock"},[[["stock",0],"done"],[["awaited"],1]]]]}', 996245260),
(16, 'order/2069618688000000', 1767582000000, '{"since":1767582000000,"addresses":["payment/2069618688000000","stock/1012"],"entries":[[0,4,0,"mk0koo00-0-o","mk0koo00-0-m",1,{"type":"StockDecreased","productOptionId":1012},1,{"paying":"deductingBalance"},[[["stock",1],"done"],[["awaited"],0],[["balance"],"sent"]]]]}', 908397325);

INSERT INTO ledger_lines VALUES
(1, 1, 'wallet/1', 300000, 300000, 'CHARGE', 'mk0koo00-0-a', 1767582000000, x'ae8be8bf67c1560240129e033316803c1399fc62adf8e89bcb8ad1de33cb85e1'),
(2, 1, 'cash-in', -300000, null, 'CHARGE', 'mk0koo00-0-a', 1767582000000, x'bd352a230b890aea0620876cab63867dadad2a46cf6c75c924538ba3c36ffcab');

INSERT INTO mailbox VALUES
(7, 'mk0koo00-0-p', '{"id":"mk0koo00-0-p","version":1,"from":"payment/2069618688000000","to":"balance/1","message":{"type":"DeductBalance","originalPrice":118000,"discountAmount":0},"key":{"scope":"2069618688000000/1","name":"deductBalance"},"fresh":true,"correlationId":"order/2069618688000000","causationId":"mk0koo00-0-o"}');

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
('coupon', '201', 1, 1, '{"couponId":201,"totalQuantity":1000,"issuedQuantity":0,"terms":{"name":"3,000 off","discountType":"FIXED","discountAmount":3000,"maxDiscount":null,"minOrderAmount":null,"startedAt":1767225600000,"expiredAt":2082758400000},"endedAt":null}', 4134089041),
('coupon', '202', 1, 1, '{"couponId":202,"totalQuantity":1,"issuedQuantity":0,"terms":{"name":"10 percent off, once, for half a minute","discountType":"RATE","discountAmount":10,"maxDiscount":5000,"minOrderAmount":10000,"startedAt":1767225600000,"expiredAt":1767582030000},"endedAt":null}', 2815388),
('customer', '1', 1, 1, '{"customerId":1,"username":"minji","roles":[],"disabled":false}', 2295380290),
('order', '2069618688000000', 1, 2, '{"value":"PAYING","context":{"orderId":2069618688000000,"customerId":1,"items":[{"productId":101,"productOptionId":1011,"productName":"Linen shirt","optionName":"S","quantity":2,"subtotalPrice":78000},{"productId":101,"productOptionId":1012,"productName":"Linen shirt","optionName":"M","quantity":1,"subtotalPrice":40000}],"totalPrice":118000,"createdAt":1767582000000,"expiresAt":1767668400000,"attempt":1,"payment":null,"cancellers":[],"sequence":2}}', 3185266144),
('payment', '2069618688000000', 1, 4, '{"value":{"paying":"deductingBalance"},"context":{"orderId":2069618688000000,"attempt":1,"couponId":null,"payer":{"from":"door/mk0koo00-0-i","id":"mk0koo00-0-i"},"customerId":1,"items":[{"productId":101,"productOptionId":1011,"quantity":2,"unitPrice":39000},{"productId":101,"productOptionId":1012,"quantity":1,"unitPrice":40000}],"originalPrice":118000,"discountAmount":null,"paidAt":null,"order":"done","stock":["done","done"],"awaited":0,"coupon":"unsent","balance":"sent","record":"unsent","failure":null,"failedItem":null,"resends":0,"returns":null}}', 2668164020),
('product', '101', 1, 1, '{"productId":101,"name":"Linen shirt","basePrice":39000,"options":[{"productOptionId":1011,"optionName":"S","extraPrice":0},{"productOptionId":1012,"optionName":"M","extraPrice":1000}]}', 264600330),
('stock', '1011', 1, 2, '{"productOptionId":1011,"quantity":8}', 187610494),
('stock', '1012', 1, 2, '{"productOptionId":1012,"quantity":9}', 3397186891);

INSERT INTO stock_movements VALUES
(1, 1011, 'RESTOCK', 10, '', 1767582000000),
(2, 1012, 'RESTOCK', 10, '', 1767582000000),
(3, 1011, 'DECREASE', 2, '2069618688000000/1/decreaseStock/1011', 1767582000000),
(4, 1012, 'DECREASE', 1, '2069618688000000/1/decreaseStock/1012', 1767582000000);

INSERT INTO timers VALUES
('payment/2069618688000000', 'xstate.after.silence.payment.paying.deductingBalance', 1767582002000, 4, 'order/2069618688000000');

INSERT INTO usernames VALUES
('minji', 1);
