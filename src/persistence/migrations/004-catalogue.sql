-- The name as it is searched, without regard to case in any script.
ALTER TABLE products ADD COLUMN searched_name TEXT NOT NULL DEFAULT '';
UPDATE products SET searched_name = folded_text(name);
