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

test("the way from waiting to the number is followed without a reload", async () => {
  let state: ValueState = { index: 10, state: "pending" };
  fakeApi({ "GET /values/10": () => state, "GET /estimates/10": () => estimate });
  renderPart(<NumberView index={10} />);
  expect(await screen.findByText("F(10) is accepted and waits for its turn.")).toBeInTheDocument();

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

test("a number that nobody asked for is offered with its cost, and calculated when told to", async () => {
  let asked = false;
  const requests = fakeApi({
    "GET /values/10": () =>
      asked ? { index: 10, state: "pending" } : problem(404, "notFound", "Submit the index first."),
    "GET /estimates/10": () => estimate,
    "POST /indices": () => {
      asked = true;
      return seen(10);
    },
  });
  renderPart(<NumberView index={10} />);
  expect(await screen.findByText("Nobody has asked for F(10) yet", { exact: false })).toBeInTheDocument();
  expect(await screen.findByText("about 500 ms")).toBeInTheDocument();
  await userEvent.click(screen.getByRole("button", { name: "Calculate F(10)" }));
  expect(await screen.findByText("F(10) is accepted and waits for its turn.")).toBeInTheDocument();
  expect(requests).toContain("POST /indices");
});

test("a number that would take too much is not offered", async () => {
  fakeApi({
    "GET /values/10": () => problem(404, "notFound", "Submit the index first."),
    "GET /estimates/10": () => problem(422, "tooLarge", "The largest size of index accepted here is 9."),
  });
  renderPart(<NumberView index={10} />);
  expect(await screen.findByText("The largest size of index accepted here is 9.")).toBeInTheDocument();
  expect(screen.queryByRole("button", { name: /Calculate/ })).not.toBeInTheDocument();
});

test("a failure says why and offers another try", async () => {
  fakeApi({ "GET /values/10": () => ({ index: 10, state: "failed", reason: "Too hot." }) });
  renderPart(<NumberView index={10} />);
  expect(await screen.findByText("Too hot.")).toBeInTheDocument();
  expect(screen.getByText("F(10) could not be calculated.")).toBeInTheDocument();
  expect(screen.getByRole("button", { name: "Try F(10) again" })).toBeInTheDocument();
});

test("a number stays in sight while its digits, once dropped, are calculated again", async () => {
  let state = known;
  fakeApi({ "GET /values/10": () => state, "GET /estimates/10": () => estimate });
  renderPart(<NumberView index={10} />);
  await screen.findByText("The number");

  state = { index: 10, state: "pending" };
  FakeEventSource.last.send("seen", { index: 10, at });
  expect(await screen.findByText(/were dropped to make room/)).toBeInTheDocument();
  expect(screen.getByText("The number").nextSibling).toHaveTextContent("55");

  state = known;
  FakeEventSource.last.send("calculated", { index: 10, at });
  await waitFor(() => expect(screen.queryByText(/were dropped/)).not.toBeInTheDocument());
});
