import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { onTestFinished } from "vitest";
import { Pisano, type PisanoOptions } from "../src/index.js";

/** A running server with a data file, stopped at the end of the test. */
export class Server {
  url = "";
  readonly #folder = mkdtempSync(join(tmpdir(), "pisano-"));
  #program: ChildProcess | undefined;

  static async start(settings: Record<string, string> = {}, options: PisanoOptions = {}) {
    const server = new Server();
    onTestFinished(async () => {
      await server.stop();
      rmSync(server.#folder, { recursive: true });
    });
    await server.run(String(await freePort()), settings);
    return { server, pisano: new Pisano(`${server.url}/api`, options) };
  }

  /** Starts the program on a port and waits until it is ready. */
  async run(port: string, settings: Record<string, string> = {}): Promise<void> {
    const env = {
      PORT: port,
      PISANO_DATA: join(this.#folder, "pisano.db"),
      HOME: this.#folder,
      // With the engine in plain Go and two processors, what tests call long takes long on every machine.
      PISANO_ENGINE: "purego",
      GOMAXPROCS: "2",
      ...settings,
    };
    const program = spawn(process.env.PISANO_BIN ?? "", { env, stdio: ["ignore", "ignore", "pipe"] });
    this.#program = program;
    const lines = createInterface(program.stderr);
    const log: string[] = [];
    this.url = await new Promise((resolve, reject) => {
      lines.on("line", (line) => {
        log.push(line);
        if (line.includes('"msg":"listening"')) {
          resolve(JSON.parse(line).url);
        }
      });
      lines.on("close", () => reject(new Error(`the server ended instead of serving:\n${log.join("\n")}`)));
    });
    // It listens before it is ready. The timeout of the test bounds the loop.
    while (!(await fetch(`${this.url}/readyz`)).ok) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** Kills the program. */
  async stop(): Promise<void> {
    if (this.#program?.exitCode === null && this.#program.kill("SIGKILL")) {
      await once(this.#program, "exit");
    }
    this.#program = undefined;
  }
}

/** A port below those that a system chooses by itself, so that nothing takes it while the server is stopped. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    const probe = createServer().listen(port);
    try {
      await once(probe, "listening");
      probe.close();
      await once(probe, "close");
      return port;
    } catch {
      // It is taken.
    }
  }
}

/** Reads a stream to its end. */
export async function textOf(stream: Promise<ReadableStream<string>>): Promise<string> {
  let text = "";
  for await (const piece of await stream) {
    text += piece;
  }
  return text;
}
