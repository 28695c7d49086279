-- Times are milliseconds since 1970-01-01 UTC; request, error, videos, files and data are JSON.
CREATE TABLE omni_schema (
    version INTEGER NOT NULL,
    minimum_version INTEGER NOT NULL
);
INSERT INTO omni_schema (version, minimum_version) VALUES (1, 1);

CREATE TABLE omni_request (
    request_key TEXT NOT NULL PRIMARY KEY,
    provider TEXT NOT NULL,
    base_address TEXT,
    account TEXT,
    model TEXT,
    prompt TEXT,
    aspect_ratio TEXT,
    duration INTEGER,
    resolution TEXT,
    request TEXT,
    content_hash TEXT,
    body_hash TEXT,
    attempt INTEGER NOT NULL,
    first_sent_at BIGINT NOT NULL,
    last_sent_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    counted_day TEXT,
    owner TEXT,
    lease_until BIGINT,
    task_id TEXT,
    state TEXT NOT NULL,
    status TEXT NOT NULL,
    raw_status TEXT,
    progress INTEGER,
    created_at BIGINT NOT NULL,
    completed_at BIGINT,
    estimated_seconds INTEGER,
    generation_seconds INTEGER,
    estimate NUMERIC,
    cost NUMERIC,
    credits NUMERIC,
    error TEXT,
    batch TEXT,
    row_hash TEXT,
    machine TEXT,
    videos TEXT,
    files TEXT
);
CREATE INDEX omni_request_newest ON omni_request (last_sent_at, request_key);
CREATE INDEX omni_request_task ON omni_request (task_id, provider);
CREATE INDEX omni_request_day ON omni_request (counted_day);
CREATE INDEX omni_request_unsettled ON omni_request (content_hash) WHERE state IN ('intended', 'unknown');
CREATE INDEX omni_request_model ON omni_request (provider, model, last_sent_at) WHERE status = 'completed';
CREATE INDEX omni_request_batch ON omni_request (batch, last_sent_at) WHERE batch IS NOT NULL;

-- Which run owns a batch; a row whose owner is gone means nothing.
CREATE TABLE omni_batch_run (
    batch TEXT NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL,
    machine TEXT NOT NULL,
    process_id INTEGER NOT NULL,
    started_at BIGINT NOT NULL,
    lease_until BIGINT NOT NULL
);

-- History for people and for support; no program reads it to decide.
CREATE TABLE omni_event (
    at BIGINT NOT NULL,
    machine TEXT NOT NULL,
    request_key TEXT NOT NULL,
    kind TEXT NOT NULL,
    data TEXT NOT NULL
);
