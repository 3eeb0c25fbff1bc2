import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import type { ValueState } from "../../api/values";
import { FakeEventSource } from "../../test/FakeEventSource";
import { fakeApi, problem } from "../../test/fakeApi";
import { renderPart } from "../../test/renderApp";
import { calculated } from "../../test/samples";
import { SubmittedIndex } from "./SubmittedIndex";

const at = "2026-11-24T10:00:01Z";

test("SubmittedIndex follows the index from the queue to its value", async () => {
  let state: ValueState = { index: 10, state: "pending" };
  fakeApi({ "GET /values/10": () => state });
  renderPart(<SubmittedIndex index={10} />);
  const message = screen.getByRole("status");
  await waitFor(() => expect(message).toHaveTextContent("F(10) is 55. It is in the queue"));

  await waitFor(() => {
    FakeEventSource.last.send("progress", { index: 10, at, progress: 0.5 });
    expect(screen.getByText("50%")).toBeInTheDocument();
  });
  expect(message).toHaveTextContent("Calculating F(10)…");

  state = { ...calculated(10, "55"), state: "calculated" };
  FakeEventSource.last.send("calculated", { index: 10, at });
  expect(await screen.findByRole("article", { name: "F(10)" })).toHaveTextContent("F(10) = 55");
  expect(message).toHaveTextContent("F(10) is 55.");
});

test("SubmittedIndex says why it failed and offers to try again", async () => {
  fakeApi({ "GET /values/10": () => ({ index: 10, state: "failed", reason: "Out of memory." }) });
  renderPart(<SubmittedIndex index={10} />);
  expect(await screen.findByText("Out of memory.")).toBeInTheDocument();
  expect(screen.getByRole("button", { name: "Try F(10) again" })).toBeInTheDocument();
});

test("SubmittedIndex says why the state could not be loaded, and trying again loads it", async () => {
  let unavailable = true;
  fakeApi({
    "GET /values/10": () =>
      unavailable
        ? problem(503, "unavailable", "Not now.")
        : { ...calculated(10, "55"), state: "calculated" },
  });
  renderPart(<SubmittedIndex index={10} />);
  expect(await screen.findByRole("alert")).toHaveTextContent("Not now.");
  unavailable = false;
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByRole("article", { name: "F(10)" })).toBeInTheDocument();
});
