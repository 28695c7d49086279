ALTER TABLE omni_request ADD COLUMN row_hash TEXT;

-- Which run owns a batch; a row without an owner that is alive means nothing.
CREATE TABLE omni_batch_run (
    batch TEXT NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL,
    machine TEXT NOT NULL,
    process_id INTEGER NOT NULL,
    started_at BIGINT NOT NULL,
    lease_until BIGINT NOT NULL
);
