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

test("the way from waiting to the value is followed without a reload", async () => {
  let state: ValueState = { index: 10, state: "pending" };
  fakeApi({ "GET /values/10": () => state });
  renderPart(<SubmittedIndex index={10} />);
  const news = screen.getByRole("status");
  expect(news).toHaveTextContent("F(10) is accepted and waits for its turn.");

  await waitFor(() => {
    FakeEventSource.last.send("progress", { index: 10, at, progress: 0.5 });
    expect(screen.getByText("50%")).toBeInTheDocument();
  });
  expect(news).toHaveTextContent("F(10) is being calculated.");

  state = { ...calculated(10, "55"), state: "calculated" };
  FakeEventSource.last.send("calculated", { index: 10, at });
  expect(await screen.findByRole("article", { name: "F(10)" })).toHaveTextContent("F(10) = 55");
  expect(news).toHaveTextContent("F(10) is calculated: 2 digits.");
});

test("a failure says why and offers another try", async () => {
  fakeApi({ "GET /values/10": () => ({ index: 10, state: "failed", reason: "Too hot." }) });
  renderPart(<SubmittedIndex index={10} />);
  expect(await screen.findByText("Too hot.")).toBeInTheDocument();
  expect(screen.getByRole("button", { name: "Try F(10) again" })).toBeInTheDocument();
});

test("a state that can't be had says so, and can be asked for again", async () => {
  let away = true;
  fakeApi({
    "GET /values/10": () =>
      away ? problem(503, "unavailable", "Not just now.") : { ...calculated(10, "55"), state: "calculated" },
  });
  renderPart(<SubmittedIndex index={10} />);
  expect(await screen.findByRole("alert")).toHaveTextContent("Not just now.");
  away = false;
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByRole("article", { name: "F(10)" })).toBeInTheDocument();
});
