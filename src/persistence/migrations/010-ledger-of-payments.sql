-- What each payment posted is found by its order. Every entry of a payment has one line of revenue, and no other entry has.
CREATE INDEX ledger_lines_of_payments ON ledger_lines (key) WHERE account = 'revenue';
