DROP TABLE feed_seal;
DROP TABLE audience_change;
DROP TABLE audience_row;
DROP TABLE audience;
