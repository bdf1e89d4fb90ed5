-- What outside clocks signed: that a root was known to them at a time. Rows are only added.
CREATE TABLE stamps (
    root INTEGER NOT NULL REFERENCES roots (number),
    authority TEXT NOT NULL,            -- as it is named in the configuration
    stamped_at TEXT NOT NULL,           -- by the authority's clock
    response BLOB NOT NULL,             -- its answer as it came (RFC 3161, TimeStampResp in DER)
    certificates TEXT NOT NULL,         -- those that it was checked with (PEM)
    PRIMARY KEY (root, authority)
) STRICT, WITHOUT ROWID;
