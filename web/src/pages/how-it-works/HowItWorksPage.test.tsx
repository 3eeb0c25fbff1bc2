import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { FakeEventSource } from "../../test/FakeEventSource";
import { fakeApi } from "../../test/fakeApi";
import { renderPart } from "../../test/renderApp";
import { accepted, seen } from "../../test/samples";
import { Component as HowItWorksPage } from "./HowItWorksPage";

const part = (name: string, software: string, more: object = {}) => ({
  name,
  software,
  status: "ok",
  ...more,
});

const status = () => ({
  parts: [
    part("api", "Pisano"),
    part("indexStore", "PostgreSQL"),
    part("valueCache", "Redis"),
    part("workQueue", "Redis", { waiting: 0 }),
    part("worker", "Pisano", { count: 2 }),
  ],
});

const progress = (worker: string, delivery: number) => ({
  index: 5_000,
  at: "2026-11-24T10:00:01Z",
  progress: 0.1,
  worker,
  delivery,
  claimedAt: "2026-11-24T10:00:00Z",
});

const card = (title: string) => screen.getByText(title, { selector: "h3" }).closest("li") as HTMLElement;

const becomes = (title: string, text: string) => waitFor(() => expect(card(title)).toHaveTextContent(text));

test("HowItWorksPage names each part with its software, its task and its health", async () => {
  fakeApi({ "GET /status": () => Response.json(status(), { headers: { Server: "nginx/1.28" } }) });
  renderPart(<HowItWorksPage />);
  await becomes("Index store", "PostgreSQL");
  expect(screen.getByRole("list", { name: "Parts of the system" }).children).toHaveLength(7);
  expect(card("Front door")).toHaveTextContent("nginx");
  expect(card("Worker")).toHaveTextContent("Working, 2 workers");
  expect(card("Work queue")).toHaveTextContent("Holds the indices that wait for a worker.");
  expect(screen.getByText(/Here each part is a separate program/)).toBeInTheDocument();
});

test("HowItWorksPage shows an event at its parts and in the log, and announces it", async () => {
  fakeApi({ "GET /status": () => status() });
  renderPart(<HowItWorksPage />);
  FakeEventSource.last.send("calculated", { index: 93, at: "2026-11-24T10:00:00Z" });
  await becomes("Value cache", "Stored F(93)");
  const log = screen.getByRole("region", { name: "Activity" });
  expect(within(log).getByRole("listitem")).toHaveTextContent("F(93) is 12200160415121876738.");
  expect(within(log).getByRole("link", { name: "F(93)" })).toHaveAttribute("href", "/values/93");
  expect(screen.getByRole("status")).toHaveTextContent("F(93) is 12200160415121876738.");
});

test("HowItWorksPage counts and shows a result once that is published twice", async () => {
  fakeApi({ "GET /status": () => status() });
  renderPart(<HowItWorksPage />);
  for (const index of [93, 93, 94]) {
    FakeEventSource.last.send("calculated", { index, at: "2026-11-24T10:00:00Z" });
  }
  const log = screen.getByRole("region", { name: "Activity" });
  await waitFor(() => expect(log).toHaveTextContent("F(94)"));
  expect(within(log).getAllByRole("listitem")).toHaveLength(2);
  expect(screen.getByRole("region", { name: "The last minute" })).toHaveTextContent(
    "Calculated2 in a minute",
  );
  expect(screen.getByRole("status")).toHaveTextContent("2 calculations have finished.");
});

test("HowItWorksPage does not call a calculation unfinished whose end it may have missed", async () => {
  fakeApi({ "GET /status": () => ({ ...status(), workers: [{ name: "AAAAAA", silentSeconds: 0.2 }] }) });
  renderPart(<HowItWorksPage />);
  const row = () => screen.getByRole("rowheader", { name: "AAAAA" }).closest("tr") as HTMLElement;
  await waitFor(() => expect(row()).toHaveTextContent("nothing"));
  for (const interrupt of [
    () => FakeEventSource.last.break(),
    () => {
      const hidden = vi.spyOn(document, "hidden", "get").mockReturnValue(true);
      document.dispatchEvent(new Event("visibilitychange"));
      hidden.mockRestore();
      document.dispatchEvent(new Event("visibilitychange"));
    },
  ]) {
    FakeEventSource.last.accept();
    FakeEventSource.last.send("progress", progress("AAAAAA", 1));
    await waitFor(() => expect(row()).toHaveTextContent("F(5,000)"));
    act(interrupt);
    await waitFor(() => expect(row()).toHaveTextContent("nothing"));
    expect(screen.queryByText("is being calculated", { exact: false })).not.toBeInTheDocument();
  }
});

test("HowItWorksPage has a row for each worker, and says aloud that another has the index of one that is gone", async () => {
  let workers = [
    { name: "AAAAAA", silentSeconds: 0.2 },
    { name: "BBBBBB", silentSeconds: 0.4 },
  ];
  fakeApi({ "GET /status": () => ({ ...status(), workers }) });
  renderPart(<HowItWorksPage />);
  const row = (name: string) => screen.getByRole("rowheader", { name }).closest("tr") as HTMLElement;
  await waitFor(() => expect(row("AAAAA")).toHaveTextContent("nothing"));
  FakeEventSource.last.send("progress", progress("AAAAAA", 1));
  await waitFor(() => expect(row("AAAAA")).toHaveTextContent("F(5,000)"));
  workers = [
    { name: "AAAAAA", silentSeconds: 7 },
    { name: "BBBBBB", silentSeconds: 0.4 },
  ];
  act(() => FakeEventSource.last.accept()); // fetches the status
  await waitFor(() => expect(row("AAAAA")).toHaveTextContent("missed, 7 s ago"));
  FakeEventSource.last.send("progress", progress("BBBBBB", 2));
  await waitFor(() => expect(row("BBBBB")).toHaveTextContent("F(5,000)"));
  expect(screen.getByRole("region", { name: "Activity" })).toHaveTextContent(
    "F(5,000) goes to worker BBBBB, because the lease of worker AAAAA has expired.",
  );
  const says = (text: string) => waitFor(() => expect(screen.getByRole("status")).toHaveTextContent(text));
  await says("F(5,000) goes to worker BBBBB, because the lease of worker AAAAA has expired.");
  workers = workers.slice(1);
  act(() => FakeEventSource.last.break());
  await waitFor(() => expect(row("AAAAA")).toHaveTextContent("gone, "));
  await says("Worker AAAAA is gone.");
  expect(screen.getByRole("region", { name: "Activity" })).toHaveTextContent("Worker AAAAA is gone.");
});

test("HowItWorksPage tells how long indices waited, and replays the path of one", async () => {
  fakeApi({ "GET /status": () => status() });
  renderPart(<HowItWorksPage />);
  FakeEventSource.last.send("seen", { index: 10, at: "2026-11-24T10:00:00.000100Z" });
  FakeEventSource.last.send("calculated", {
    index: 10,
    at: "2026-11-24T10:00:00.0025Z",
    worker: "AAAAAA",
    delivery: 1,
    claimedAt: "2026-11-24T10:00:00.0009Z",
  });
  const minute = screen.getByRole("region", { name: "The last minute" });
  await waitFor(() => expect(minute).toHaveTextContent("Median wait (p50)800 µs"));
  expect(minute).toHaveTextContent("Submitted1 in a minute, at most 1 a second");
  await userEvent.click(screen.getByRole("button", { name: "Replay the path of F(10)" }));
  const replay = screen.getByRole("region", { name: "The path of F(10)" });
  expect(replay).toHaveTextContent("In reality it took 2.4 ms: this is 2,500 times slower.");
  expect(
    within(replay)
      .getAllByRole("listitem")
      .map(({ textContent }) => textContent),
  ).toEqual([
    "0 µs F(10) is submitted elsewhere and recorded.",
    "800 µs Worker AAAAA takes it.",
    "2.4 ms Its value is stored, and every open page is told.",
  ]);
});

test("HowItWorksPage shows at once that nothing answers, and that something answers again", async () => {
  let available = true;
  const workers = [{ name: "AAAAAA", silentSeconds: 0.2 }];
  fakeApi({ "GET /status": () => (available ? { ...status(), workers } : Response.error()) });
  renderPart(<HowItWorksPage />);
  await becomes("Index store", "Working");
  const row = screen.getByRole("rowheader", { name: "AAAAA" }).closest("tr");
  expect(row).toHaveTextContent("AAAAAnothing");
  available = false;
  act(() => FakeEventSource.last.break());
  await becomes("Index store", "Unknown");
  expect(card("Index store")).toHaveTextContent("PostgreSQL");
  expect(row).toHaveTextContent(/^AAAAAunknownunknown, last seen \d+ s ago$/);
  available = true;
  act(() => FakeEventSource.last.accept());
  await becomes("Index store", "Working");
});

test("HowItWorksPage submits a small index by its button", async () => {
  const bodies: { index: number }[] = [];
  fakeApi({
    "GET /status": () => status(),
    "POST /indices": async (request) => {
      const body = (await request.json()) as { index: number };
      bodies.push(body);
      return accepted(seen(body.index));
    },
  });
  renderPart(<HowItWorksPage />);
  await userEvent.click(screen.getByRole("button", { name: "Submit a random index" }));
  await waitFor(() => expect(bodies).toHaveLength(1));
  expect(bodies[0]?.index).toBeGreaterThanOrEqual(1_000);
  expect(bodies[0]?.index).toBeLessThan(20_000);
});
