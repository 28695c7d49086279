-- Times are milliseconds since 1970-01-01 UTC.
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
    machine TEXT
);
CREATE INDEX omni_request_newest ON omni_request (last_sent_at, request_key);
CREATE INDEX omni_request_task ON omni_request (task_id, provider);
CREATE INDEX omni_request_day ON omni_request (counted_day);
CREATE INDEX omni_request_unsettled ON omni_request (content_hash) WHERE state IN ('intended', 'unknown');
CREATE INDEX omni_request_model ON omni_request (provider, model, last_sent_at) WHERE status = 'completed';
CREATE INDEX omni_request_batch ON omni_request (batch, last_sent_at) WHERE batch IS NOT NULL;

CREATE TABLE omni_video (
    request_key TEXT NOT NULL REFERENCES omni_request (request_key) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    url TEXT NOT NULL,
    expires_at BIGINT,
    PRIMARY KEY (request_key, position)
);

CREATE TABLE omni_file (
    request_key TEXT NOT NULL REFERENCES omni_request (request_key) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    machine TEXT NOT NULL,
    path TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    PRIMARY KEY (request_key, position, machine)
);

-- History for people and for support; no program reads it to decide.
CREATE TABLE omni_event (
    id {identity},
    at BIGINT NOT NULL,
    machine TEXT NOT NULL,
    request_key TEXT NOT NULL,
    kind TEXT NOT NULL,
    data TEXT NOT NULL
);
CREATE INDEX omni_event_request ON omni_event (request_key);
