-- Customers and why each stock is what it is, newest first, without looking at those of all the others.
CREATE INDEX usernames_by_customer ON usernames (customer_id);
CREATE INDEX stock_movements_by_option ON stock_movements (option_id);
