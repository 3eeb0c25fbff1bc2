// The API of the original multi-container calculator, rewritten for Express, as a peer for comparisons: it lists all rows of Postgres and
// the whole hash of Redis, and answers a submission without waiting for what it sends to either.
import express from "express";
import pg from "pg";
import { createClient } from "redis";

const values = "express_values"; // the hash of calculated values
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
await pool.query("CREATE TABLE IF NOT EXISTS values (number INT)");
const redis = createClient({ url: process.env.REDIS_URL });
const publisher = redis.duplicate();
await Promise.all([redis.connect(), publisher.connect()]);

const app = express();
app.use(express.json());

app.get("/values/all", async (_request, response) => {
  const { rows } = await pool.query("SELECT * FROM values");
  response.send(rows);
});

app.get("/values/current", async (_request, response) => {
  response.send(await redis.hGetAll(values));
});

app.post("/values", (request, response) => {
  const { index } = request.body;
  if (Number.parseInt(index, 10) > 40) {
    response.status(422).send("Index too high");
    return;
  }
  redis.hSet(values, index, "Nothing yet!");
  publisher.publish("insert", String(index));
  pool.query("INSERT INTO values (number) VALUES ($1)", [index]);
  response.send({ working: true });
});

const server = app.listen(process.env.PORT, "127.0.0.1", () => {
  console.error(
    JSON.stringify({ level: "INFO", msg: "listening", url: `http://127.0.0.1:${server.address().port}` }),
  );
  console.error(JSON.stringify({ level: "INFO", msg: "ready to serve" }));
});
