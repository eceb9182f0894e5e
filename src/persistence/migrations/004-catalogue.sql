-- The name as it is searched, without regard to case in any script.
ALTER TABLE products ADD COLUMN searched_name TEXT NOT NULL DEFAULT '';
UPDATE products SET searched_name = folded_text(name);

-- When each campaign issues coupons, both ends included; an early end moves `closes_at` forward.
CREATE TABLE coupon_campaigns (
  coupon_id INTEGER PRIMARY KEY,
  opens_at INTEGER NOT NULL,
  closes_at INTEGER NOT NULL
) STRICT;
CREATE INDEX coupon_campaigns_by_close ON coupon_campaigns (closes_at);
INSERT INTO coupon_campaigns
  SELECT CAST(id AS INTEGER), state ->> '$.terms.startedAt', state ->> '$.terms.expiredAt'
  FROM snapshots WHERE kind = 'coupon';
