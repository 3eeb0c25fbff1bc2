import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { formatTime } from "../../numbers/format";
import { FakeEventSource } from "../../test/FakeEventSource";
import { fakeApi, problem } from "../../test/fakeApi";
import { renderPart } from "../../test/renderApp";
import { accepted, seen } from "../../test/samples";
import { SeenList } from "./SeenList";

vi.mock("../../numbers/format", { spy: true });

const rows = () => screen.findAllByRole("listitem");

test("SeenList says that it is loading", () => {
  fakeApi({ "GET /indices": () => new Promise(() => undefined) });
  renderPart(<SeenList />);
  expect(screen.getByRole("status", { name: "Loading Values I have seen" })).toBeInTheDocument();
});

test("SeenList says how it fills while it is empty", async () => {
  fakeApi({ "GET /indices": () => ({ items: [] }) });
  renderPart(<SeenList />);
  expect(await screen.findByText(/Enter an index above/)).toBeInTheDocument();
});

test("SeenList says why it could not be loaded, and trying again loads it", async () => {
  let unavailable = true;
  fakeApi({
    "GET /indices": () => (unavailable ? problem(503, "unavailable", "Not now.") : { items: [seen(10)] }),
  });
  renderPart(<SeenList />);
  expect(await screen.findByRole("alert")).toHaveTextContent("Not now.");
  unavailable = false;
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(await rows()).toHaveLength(1);
});

test("SeenList shows each state in a word", async () => {
  fakeApi({
    "GET /indices": () => ({
      items: [
        seen(4, { state: "pending" }),
        seen(3, { state: "calculating", progress: 0.427 }),
        seen(2, { state: "calculated" }),
        seen(1, { state: "failed", reason: "The calculation failed 5 times." }),
      ],
    }),
  });
  renderPart(<SeenList />);
  const [pending, calculating, done, failed] = (await rows()).map((row) => within(row));
  expect(pending?.getByText("Pending")).toBeInTheDocument();
  expect(calculating?.getByText("Calculating 42%")).toBeInTheDocument();
  expect(calculating?.getByRole("progressbar", { name: "Calculation of F(3)" })).toHaveAttribute(
    "aria-valuenow",
    "42",
  );
  expect(done?.getByText("Calculated")).toBeInTheDocument();
  expect(done?.queryByRole("progressbar")).not.toBeInTheDocument();
  expect(failed?.getByText("The calculation failed 5 times.")).toBeInTheDocument();
});

test("SeenList submits a failed index again on demand, and shows it as pending", async () => {
  let item = seen(5, { state: "failed", reason: "Out of memory." });
  const requests = fakeApi({
    "GET /indices": () => ({ items: [item] }),
    "POST /indices": () => {
      item = seen(5, { submissions: 2 });
      return accepted(item);
    },
  });
  renderPart(<SeenList />);
  await userEvent.click(await screen.findByRole("button", { name: "Try F(5) again" }));
  expect(await screen.findByText("Pending")).toBeInTheDocument();
  expect(screen.getByText(/Submitted 2 times/)).toBeInTheDocument();
  expect(requests).toContain("POST /indices");
});

test("SeenList says why a retry was refused", async () => {
  fakeApi({
    "GET /indices": () => ({ items: [seen(5, { state: "failed", reason: "Out of memory." })] }),
    "POST /indices": () => problem(429, "overloaded", "Too busy."),
  });
  renderPart(<SeenList />);
  await userEvent.click(await screen.findByRole("button", { name: "Try F(5) again" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("Too busy.");
});

const page = (newest: number, count: number) => Array.from({ length: count }, (_, i) => seen(newest - i));

test("SeenList begins with few rows and shows more on demand, each index once, until the end", async () => {
  const requests = fakeApi({
    "GET /indices": (request) =>
      new URL(request.url).searchParams.get("cursor") === "next"
        ? { items: page(11, 11) }
        : { items: page(30, 20), nextCursor: "next" },
  });
  renderPart(<SeenList />);
  expect(await rows()).toHaveLength(6);
  expect(requests).toHaveLength(1);
  await userEvent.click(screen.getByRole("button", { name: "Show more" }));
  await screen.findByText("F(5)");
  expect(await rows()).toHaveLength(26);
  await userEvent.click(screen.getByRole("button", { name: "Show more" }));
  await screen.findByText("F(1)");
  expect((await rows()).map((row) => row.querySelector("a")?.textContent)).toEqual(
    Array.from({ length: 30 }, (_, i) => `F(${30 - i})`),
  );
  expect(screen.queryByRole("button", { name: "Show more" })).not.toBeInTheDocument();
});

test("SeenList moves the focus to the last row when a key has shown the last ones", async () => {
  fakeApi({ "GET /indices": () => ({ items: page(8, 8) }) });
  renderPart(<SeenList />);
  (await screen.findByRole("button", { name: "Show more" })).focus();
  await userEvent.keyboard("{Enter}");
  await screen.findByText("F(1)");
  expect((await rows()).at(-1)).toHaveFocus();
});

test("SeenList has a link that skips it", async () => {
  fakeApi({ "GET /indices": () => ({ items: [seen(1)] }) });
  renderPart(<SeenList />);
  expect(screen.getByRole("link", { name: "Skip to the calculated values" })).toHaveAttribute(
    "href",
    "#calculated",
  );
});

test("SeenList keeps what it has when the next page could not be loaded, and trying again loads it", async () => {
  let unavailable = true;
  fakeApi({
    "GET /indices": (request) => {
      if (!request.url.includes("cursor")) {
        return { items: page(23, 20), nextCursor: "next" };
      }
      return unavailable ? problem(503, "unavailable", "Not now.") : { items: [seen(3)] };
    },
  });
  renderPart(<SeenList />);
  await userEvent.click(await screen.findByRole("button", { name: "Show more" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("Not now.");
  expect(screen.getByText("F(23)")).toBeInTheDocument();
  unavailable = false;
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByText("F(3)")).toBeInTheDocument();
});

test("SeenList loses neither a refresh nor the next page when both are loaded at once", async () => {
  let refresh: (body: object) => void = () => undefined;
  let first: unknown = { items: page(24, 20), nextCursor: "next" };
  const requests = fakeApi({
    "GET /indices": (request) => (request.url.includes("cursor") ? { items: page(4, 4) } : first),
  });
  renderPart(<SeenList />);
  const more = await screen.findByRole("button", { name: "Show more" });
  first = new Promise<object>((resolve) => {
    refresh = resolve;
  });
  FakeEventSource.last.send("seen", { index: 25, at: "2026-11-24T10:00:01Z" });
  await waitFor(() => expect(requests).toHaveLength(2));
  await userEvent.click(more);
  refresh({ items: page(25, 20), nextCursor: "next" });
  expect(await screen.findByText("F(25)")).toBeInTheDocument();
  expect(await screen.findByText("F(1)")).toBeInTheDocument();
});

test("SeenList shows an index submitted elsewhere", async () => {
  let items = [seen(1)];
  fakeApi({ "GET /indices": () => ({ items }) });
  renderPart(<SeenList />);
  await screen.findByText("F(1)");
  items = [seen(2), seen(1)];
  FakeEventSource.last.send("seen", { index: 2, at: "2026-11-24T10:00:01Z" });
  expect(await screen.findByText("F(2)")).toBeInTheDocument();
});

test("SeenList renders only the rows that an event changes", async () => {
  let items = page(20, 6);
  fakeApi({ "GET /indices": () => ({ items: items.map((item) => ({ ...item })) }) });
  renderPart(<SeenList />);
  await screen.findByText("F(20)");
  const rendered = () => vi.mocked(formatTime).mock.calls.length; // once for each row
  const before = rendered();
  items = [seen(21), ...page(20, 5)];
  FakeEventSource.last.send("seen", { index: 21, at: "2026-11-24T10:00:01Z" });
  await screen.findByText("F(21)");
  expect(rendered() - before).toBe(1);
});

test("SeenList renders the first of many rows that come at once, and the others when there is time", async () => {
  const idle: (() => void)[] = [];
  vi.stubGlobal("requestIdleCallback", (task: () => void) => idle.push(task));
  let newest = 100;
  fakeApi({
    "GET /indices": (request) => {
      const { searchParams } = new URL(request.url);
      const from = Number(searchParams.get("cursor") ?? newest + 1) - 1;
      const limit = Number(searchParams.get("limit"));
      return { items: page(from, limit), nextCursor: String(from - limit + 1) };
    },
  });
  renderPart(<SeenList />);
  await userEvent.click(await screen.findByRole("button", { name: "Show more" }));
  const filled = async () => (await rows()).filter((row) => row.childNodes.length > 0).length;
  await waitFor(async () => expect(await filled()).toBe(26));
  newest = 126;
  FakeEventSource.last.send("seen", { index: 126, at: "2026-11-24T10:00:01Z" });
  await screen.findByText("F(126)");
  expect((await rows()).map((row) => row.childNodes.length > 0).indexOf(false)).toBe(6);
  while (idle.length > 0) {
    act(() => idle.shift()?.());
  }
  expect(await filled()).toBe(26);
});

test("SeenList keeps what it has while the server is unavailable", async () => {
  let unavailable = false;
  const requests = fakeApi({
    "GET /indices": () => (unavailable ? problem(503, "unavailable", "Not now.") : { items: [seen(1)] }),
  });
  renderPart(<SeenList />);
  await screen.findByText("F(1)");
  unavailable = true;
  const before = requests.length;
  FakeEventSource.last.send("seen", { index: 2, at: "2026-11-24T10:00:01Z" });
  await waitFor(() => expect(requests.length).toBeGreaterThan(before));
  await act(() => new Promise((resolve) => setTimeout(resolve, 100))); // until the error is handled
  expect(screen.getByText("F(1)")).toBeInTheDocument();
  expect(screen.queryByRole("alert")).not.toBeInTheDocument();
});
