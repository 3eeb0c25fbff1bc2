import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { FakeEventSource } from "../../test/FakeEventSource";
import { fakeApi } from "../../test/fakeApi";
import { renderPart } from "../../test/renderApp";
import { seen } from "../../test/samples";
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

const card = (title: string) => screen.getByText(title, { selector: "h3" }).closest("li") as HTMLElement;

const becomes = (title: string, text: string) => waitFor(() => expect(card(title)).toHaveTextContent(text));

test("each part is named with its software, its task and its health", async () => {
  fakeApi({ "GET /status": () => Response.json(status(), { headers: { Server: "nginx/1.28" } }) });
  renderPart(<HowItWorksPage />);
  await becomes("Record", "PostgreSQL");
  expect(screen.getByRole("list", { name: "The parts that an index passes" }).children).toHaveLength(7);
  expect(card("Front door")).toHaveTextContent("nginx");
  expect(card("Worker")).toHaveTextContent("Works, 2 workers");
  expect(card("Queue")).toHaveTextContent("Holds what is still to be calculated.");
  expect(screen.getByText(/Here each part is a program of its own/)).toBeInTheDocument();
});

test("an event is told at the parts that it concerns, in the log, and to those who listen", async () => {
  fakeApi({ "GET /status": () => status() });
  renderPart(<HowItWorksPage />);
  FakeEventSource.last.send("calculated", { index: 93, at: "2026-11-24T10:00:00Z" });
  await becomes("Values", "Put F(93) in store");
  const log = screen.getByRole("region", { name: "What happens" });
  expect(within(log).getByRole("link", { name: "F(93)" })).toHaveAttribute("href", "/values/93");
  expect(screen.getByRole("status")).toHaveTextContent("F(93) is calculated.");
});

test("when nobody answers any more it says so at once, and when somebody does again, too", async () => {
  let there = true;
  fakeApi({ "GET /status": () => (there ? status() : Response.error()) });
  renderPart(<HowItWorksPage />);
  await becomes("Record", "Works");
  there = false;
  act(() => FakeEventSource.last.break());
  await becomes("Record", "Not known");
  expect(card("Record")).toHaveTextContent("PostgreSQL");
  there = true;
  act(() => FakeEventSource.last.accept());
  await becomes("Record", "Works");
});

test("the button submits a small index", async () => {
  const bodies: { index: number }[] = [];
  fakeApi({
    "GET /status": () => status(),
    "POST /indices": async (request) => {
      const body = (await request.json()) as { index: number };
      bodies.push(body);
      return seen(body.index);
    },
  });
  renderPart(<HowItWorksPage />);
  await userEvent.click(screen.getByRole("button", { name: "Send an index along" }));
  await waitFor(() => expect(bodies).toHaveLength(1));
  expect(bodies[0]?.index).toBeGreaterThanOrEqual(1_000);
  expect(bodies[0]?.index).toBeLessThan(20_000);
});
