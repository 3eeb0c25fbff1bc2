package httpapi

// cacheImmutable is the caching of what never changes.
const cacheImmutable = "public, max-age=31536000, immutable"

// cacheMinute is the caching of what differs a little from one process to the next.
const cacheMinute = "public, max-age=60"

// noTransform has proxies pass a stream on as it is. Compressed, events would
// wait for more of them, and digits would lose their length, their ranges and
// their strong ETag.
const noTransform = "no-transform"
