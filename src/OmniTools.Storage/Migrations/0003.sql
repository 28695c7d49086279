-- Videos and files move into the request's row, as JSON: they are always read and written with it.
ALTER TABLE omni_request ADD COLUMN videos TEXT;
ALTER TABLE omni_request ADD COLUMN files TEXT;
UPDATE omni_request SET
    videos = (
        SELECT {json_array}({json_object}('url', v.url, 'expires_at', v.expires_at) ORDER BY v.position)
        FROM omni_video v WHERE v.request_key = omni_request.request_key),
    files = (
        SELECT {json_array}({json_object}('position', f.position, 'machine', f.machine, 'path', f.path,
            'sha256', f.sha256, 'bytes', f.bytes))
        FROM omni_file f WHERE f.request_key = omni_request.request_key)
WHERE state = 'accepted';
DROP TABLE omni_file;
DROP TABLE omni_video;
