import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import type { ValueState } from "../../api/values";
import { FakeEventSource } from "../../test/FakeEventSource";
import { fakeApi, problem } from "../../test/fakeApi";
import { renderPart } from "../../test/renderApp";
import { calculated, seen } from "../../test/samples";
import { NumberView } from "./NumberView";

const at = "2026-11-24T10:00:01Z";
const estimate = { index: 10, digits: 2, bytes: 100, seconds: 0.5 };
const known: ValueState = { ...calculated(10, "55"), state: "calculated" };

test("NumberView follows the index from the queue to its digits", async () => {
  let state: ValueState = { index: 10, state: "pending" };
  fakeApi({ "GET /values/10": () => state, "GET /estimates/10": () => estimate });
  renderPart(<NumberView index={10} />);
  expect(await screen.findByText("F(10) is in the queue.")).toBeInTheDocument();

  await waitFor(() => {
    FakeEventSource.last.send("progress", { index: 10, at, progress: 0.5 });
    expect(screen.getByRole("progressbar", { name: "Calculation of F(10)" })).toBeInTheDocument();
  });

  state = known;
  FakeEventSource.last.send("calculated", { index: 10, at });
  expect(await screen.findByRole("region", { name: "All digits" })).toBeInTheDocument();
  expect(screen.getByText("The number").nextSibling).toHaveTextContent("55");
  expect(screen.getByText("Parity").nextSibling).toHaveTextContent("Odd");
});

test("NumberView offers to calculate a number that was not submitted, with its cost", async () => {
  let submitted = false;
  const requests = fakeApi({
    "GET /values/10": () =>
      submitted ? { index: 10, state: "pending" } : problem(404, "notFound", "F(10) was not submitted."),
    "GET /estimates/10": () => estimate,
    "POST /indices": () => {
      submitted = true;
      return seen(10);
    },
  });
  renderPart(<NumberView index={10} />);
  expect(await screen.findByText("F(10) has not been calculated yet.")).toBeInTheDocument();
  expect(await screen.findByText("about 500 ms")).toBeInTheDocument();
  await userEvent.click(screen.getByRole("button", { name: "Calculate F(10)" }));
  expect(await screen.findByText("F(10) is in the queue.")).toBeInTheDocument();
  expect(requests).toContain("POST /indices");
});

test("NumberView does not offer to calculate a number that is too large", async () => {
  fakeApi({
    "GET /values/10": () => problem(404, "notFound", "F(10) was not submitted."),
    "GET /estimates/10": () => problem(422, "tooLarge", "The largest index accepted here is 9."),
  });
  renderPart(<NumberView index={10} />);
  expect(await screen.findByText("The largest index accepted here is 9.")).toBeInTheDocument();
  expect(screen.queryByRole("button", { name: /Calculate/ })).not.toBeInTheDocument();
});

test("NumberView says why the calculation failed and offers to try again", async () => {
  fakeApi({ "GET /values/10": () => ({ index: 10, state: "failed", reason: "Out of memory." }) });
  renderPart(<NumberView index={10} />);
  expect(await screen.findByText("Out of memory.")).toBeInTheDocument();
  expect(screen.getByText("F(10) could not be calculated.")).toBeInTheDocument();
  expect(screen.getByRole("button", { name: "Try F(10) again" })).toBeInTheDocument();
});

test("NumberView keeps showing a number while its evicted digits are calculated again", async () => {
  let state = known;
  fakeApi({ "GET /values/10": () => state, "GET /estimates/10": () => estimate });
  renderPart(<NumberView index={10} />);
  await screen.findByText("The number");

  state = { index: 10, state: "pending" };
  FakeEventSource.last.send("seen", { index: 10, at });
  expect(await screen.findByText(/were removed to free memory/)).toBeInTheDocument();
  expect(screen.getByText("The number").nextSibling).toHaveTextContent("55");

  state = known;
  FakeEventSource.last.send("calculated", { index: 10, at });
  await waitFor(() => expect(screen.queryByText(/were removed/)).not.toBeInTheDocument());
});
