package httpapi

// cacheImmutable is the Cache-Control of a representation that never changes.
const cacheImmutable = "public, max-age=31536000, immutable"

// cacheMinute is the Cache-Control of a representation that differs slightly
// between processes.
const cacheMinute = "public, max-age=60"

// noTransform keeps proxies from compressing a stream. Compression would delay
// events and the rows of a range until a block is full, and deprive digits of
// their Content-Length, their ranges and their strong ETag.
const noTransform = "no-transform"
