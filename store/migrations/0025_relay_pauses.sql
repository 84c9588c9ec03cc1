-- When the next requests to the ministry's platform may go (relay.Pauses), so
-- that processes that take turns keep its pauses together.
ALTER TABLE relays ADD COLUMN pauses json;

-- Step 16 took what was under way at that moment for handed on. Where it was done
-- just now, the fixes after each vehicle's last point are news.
CREATE TEMPORARY TABLE upgraded ON COMMIT DROP AS
    SELECT r.ubigeo, c.unit, (c.body->>'last')::timestamptz AS last, r.since
    FROM relays r JOIN relay_cursors c ON c.ubigeo = r.ubigeo
    WHERE (r.body->>'on')::boolean AND c.body->>'last' IS NOT NULL AND (r.body->'vehicles') ->> c.unit IS NOT NULL
        AND r.since = (SELECT applied_at FROM schema_migrations WHERE number = 16) AND r.since > now() - interval '1 hour';
INSERT INTO relay_news (ubigeo, unit, time, device, seq, received)
    SELECT u.ubigeo, u.unit, f.time, f.device, f.seq, f.received FROM upgraded u
    JOIN fix_days d ON d.ubigeo = u.ubigeo AND d.unit = u.unit AND d.day >= (u.last AT TIME ZONE 'UTC')::date
    JOIN fixes f ON f.ubigeo = d.ubigeo AND f.device = d.device AND f.unit = d.unit AND f.time >= d.day::timestamp AT TIME ZONE 'UTC'
        AND f.time < (d.day + 1)::timestamp AT TIME ZONE 'UTC' AND f.time > u.last AND f.time > u.since - interval '1 day'
        AND f.flags & 15 = 0 AND f.lon IS NOT NULL
    ON CONFLICT DO NOTHING;
UPDATE relays r SET since = greatest(u.first, r.since - interval '1 day')
    FROM (SELECT ubigeo, min(last) AS first FROM upgraded GROUP BY ubigeo) u WHERE u.ubigeo = r.ubigeo;
