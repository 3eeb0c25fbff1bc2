export type Fetch = (request: Request) => Promise<Response>;

/** The requests that wait for their answers. */
const open = new Set<Request>();

/** Calls fetch, and holds the request until the answer begins. */
export async function fetchHeld(fetch: Fetch, request: Request): Promise<Response> {
  open.add(request);
  try {
    return await fetch(request);
  } finally {
    open.delete(request);
  }
}

/**
 * Returns a fetch whose requests can be aborted until their answers have been read.
 * In Node.js a Request that is collected no longer follows its signal, so it is held
 * until the answer begins, and then by its body, which watches the signal itself.
 */
export function holding(fetch: Fetch): Fetch {
  return async (request) => {
    const response = await fetchHeld(fetch, request);
    if (!response.body) {
      return response;
    }
    const held = new Response(holdWith(request, response.body), response);
    return Object.defineProperty(held, "url", { value: response.url });
  };
}

type Bytes = Uint8Array<ArrayBuffer>;

/** Returns the same body. Each of the closures refers to the request. */
function holdWith(request: Request, body: ReadableStream<Bytes>): ReadableStream<Bytes> {
  const reader = body.getReader();
  let abort: () => void;
  const settle = () => request.signal.removeEventListener("abort", abort);
  return new ReadableStream<Bytes>(
    {
      start(controller) {
        abort = () => {
          controller.error(request.signal.reason);
          reader.cancel(request.signal.reason).catch(() => undefined); // the connection is closed already
        };
        request.signal.addEventListener("abort", abort, { once: true });
        if (request.signal.aborted) {
          abort();
        }
      },
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (!done) {
            controller.enqueue(value);
            return;
          }
        } catch (error) {
          settle();
          throw error;
        }
        settle();
        controller.close();
      },
      cancel(reason) {
        settle();
        return reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}
