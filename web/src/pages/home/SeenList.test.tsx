import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { FakeEventSource } from "../../test/FakeEventSource";
import { fakeApi, problem } from "../../test/fakeApi";
import { renderPart } from "../../test/renderApp";
import { seen } from "../../test/samples";
import { SeenList } from "./SeenList";

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
      return item;
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

test("SeenList loads more on demand, each index once, until the end", async () => {
  fakeApi({
    "GET /indices": (request) =>
      new URL(request.url).searchParams.get("cursor") === "next"
        ? { items: [seen(3), seen(2)] }
        : { items: [seen(4), seen(3)], nextCursor: "next" },
  });
  renderPart(<SeenList />);
  await userEvent.click(await screen.findByRole("button", { name: "Load more" }));
  await screen.findByText("F(2)");
  expect((await rows()).map((row) => row.textContent)).toEqual([
    expect.stringContaining("F(4)"),
    expect.stringContaining("F(3)"),
    expect.stringContaining("F(2)"),
  ]);
  expect(screen.queryByRole("button", { name: "Load more" })).not.toBeInTheDocument();
});

test("SeenList keeps what it has when the next page could not be loaded, and trying again loads it", async () => {
  let unavailable = true;
  fakeApi({
    "GET /indices": (request) => {
      if (!request.url.includes("cursor")) {
        return { items: [seen(4)], nextCursor: "next" };
      }
      return unavailable ? problem(503, "unavailable", "Not now.") : { items: [seen(3)] };
    },
  });
  renderPart(<SeenList />);
  await userEvent.click(await screen.findByRole("button", { name: "Load more" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("Not now.");
  expect(screen.getByText("F(4)")).toBeInTheDocument();
  unavailable = false;
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByText("F(3)")).toBeInTheDocument();
});

test("SeenList loses neither a refetch nor the next page when both are loaded at once", async () => {
  let refresh: (body: object) => void = () => undefined;
  let first: unknown = { items: [seen(4)], nextCursor: "next" };
  const requests = fakeApi({
    "GET /indices": (request) => (request.url.includes("cursor") ? { items: [seen(3)] } : first),
  });
  renderPart(<SeenList />);
  const more = await screen.findByRole("button", { name: "Load more" });
  first = new Promise<object>((resolve) => {
    refresh = resolve;
  });
  FakeEventSource.last.send("seen", { index: 5, at: "2026-11-24T10:00:01Z" });
  await waitFor(() => expect(requests).toHaveLength(2));
  await userEvent.click(more);
  refresh({ items: [seen(5), seen(4)], nextCursor: "next" });
  expect(await screen.findByText("F(5)")).toBeInTheDocument();
  expect(await screen.findByText("F(3)")).toBeInTheDocument();
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
