import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const program = resolve(process.env.PISANO_BIN ?? "../bin/api");
/** A bound that only a hang exceeds, even on a slow and busy machine. */
const hangMs = 120_000;

/** The real program, with a port and a data file of its own. */
export class Server {
  readonly url: string;
  readonly #port: number;
  readonly #folder: string;
  readonly #settings: Record<string, string>;
  #process: ChildProcess | undefined;

  private constructor(port: number, folder: string, settings: Record<string, string>) {
    this.url = `http://127.0.0.1:${port}`;
    this.#port = port;
    this.#folder = folder;
    this.#settings = settings;
  }

  static async create(settings: Record<string, string>): Promise<Server> {
    const folder = await mkdtemp(join(tmpdir(), "pisano-e2e-"));
    const server = new Server(await freePort(), folder, settings);
    await server.start();
    return server;
  }

  /** The file with its data, which other programs may use at the same time. */
  get dataFile(): string {
    return join(this.#folder, "pisano.db");
  }

  /** Starts the program, with the data of an earlier start, and waits until it answers. */
  async start(): Promise<void> {
    const log: string[] = [];
    const child = spawn(program, {
      // Nothing else from the environment, which may name a database.
      env: {
        HOME: this.#folder,
        PORT: String(this.#port),
        PISANO_DATA: this.dataFile,
        // Calculations that the tests need to be long are long with it on every machine.
        PISANO_ENGINE: "purego",
        ...this.#settings,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#process = child;
    child.on("error", (error) => log.push(error.message));
    child.stdout.on("data", (chunk) => log.push(String(chunk)));
    child.stderr.on("data", (chunk) => log.push(String(chunk)));

    const deadline = Date.now() + hangMs;
    while (!(await this.#answers())) {
      if (child.exitCode !== null || child.pid === undefined || Date.now() > deadline) {
        throw new Error(`${program} does not serve:\n${log.join("")}`);
      }
      await new Promise((later) => setTimeout(later, 50));
    }
  }

  async #answers(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/healthz`, { signal: AbortSignal.timeout(hangMs) })).ok;
    } catch {
      return false;
    }
  }

  /** Stops the program as a service manager does. */
  async stop(): Promise<void> {
    await this.#end("SIGTERM");
  }

  /** Kills the program. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    if (child?.exitCode === null && child.signalCode === null && child.pid !== undefined) {
      const exited = once(child, "exit", { signal: AbortSignal.timeout(hangMs) });
      child.kill(signal);
      await exited;
    }
  }

  async remove(): Promise<void> {
    await this.stop();
    await rm(this.#folder, { recursive: true });
  }

  /** Submits indices directly, as another program would. */
  async submit(...indices: number[]): Promise<void> {
    const response = await fetch(`${this.url}/api/indices`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ indices }),
    });
    if (!response.ok) {
      throw new Error(`submitting ${indices}: ${await response.text()}`);
    }
  }

  /** Returns how many values are calculated, up to 200. */
  async calculated(): Promise<number> {
    const response = await fetch(`${this.url}/api/values?limit=200`);
    return ((await response.json()) as { items: unknown[] }).items.length;
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
