import { vi } from "vitest";

type Answer = (request: Request) => unknown;

/** An answer that is an error of the API. */
export function problem(status: number, kind: string, detail: string): Response {
  const body = { type: "about:blank", title: "", status, kind, detail, instance: "#7KQZ3V5N" };
  return Response.json(body, { status, headers: { "Content-Type": "application/problem+json" } });
}

/**
 * Replaces fetch by a fake API. `answers` maps "GET /indices" to a function that
 * returns a body or a Response; other requests fail as if the server were
 * unreachable. Returns the list of requests made, as "GET /indices?limit=20".
 */
export function fakeApi(answers: Record<string, Answer>): string[] {
  const requests: string[] = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    const { pathname, search } = new URL(request.url);
    const path = pathname.replace(/^\/api/, "");
    requests.push(`${request.method} ${path}${search}`);
    const answer = answers[`${request.method} ${path}`];
    if (answer === undefined) {
      throw new TypeError("Failed to fetch");
    }
    const body = await answer(request);
    return body instanceof Response ? body : Response.json(body);
  });
  return requests;
}
