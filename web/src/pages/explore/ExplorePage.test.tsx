import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { FakeEventSource } from "../../test/FakeEventSource";
import { fakeApi, problem } from "../../test/fakeApi";
import { renderPart } from "../../test/renderApp";
import { calculated, seen } from "../../test/samples";
import { Component as ExplorePage } from "./ExplorePage";

const fibonacci = (n: number): bigint => {
  let [a, b] = [0n, 1n];
  for (let i = 0; i < n; i++) {
    [a, b] = [b, a + b];
  }
  return a;
};
const values = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, i) => calculated(first + i, String(fibonacci(first + i))));

test("with the whole list at hand nothing is asked for twice, and what is missing is named", async () => {
  const requests = fakeApi({
    "GET /values": () => ({ items: [...values(0, 9), ...values(12, 60)] }),
  });
  renderPart(<ExplorePage />);
  expect(
    await screen.findByText("59 of the 61 numbers F(0) to F(60) are calculated. Not yet: F(10), F(11)."),
  ).toBeInTheDocument();
  expect(requests).toEqual(["GET /values?limit=200"]);
});

test("where the list goes on, what is not in it is asked for one by one", async () => {
  const requests = fakeApi({
    "GET /values": () => ({ items: values(2, 60), nextCursor: "more" }),
    "GET /values/0": () => ({ ...calculated(0, "0"), state: "calculated" }),
    "GET /values/1": () => problem(404, "notFound", "F(1) was not submitted."),
  });
  renderPart(<ExplorePage />);
  expect(await screen.findByText(/^60 of the 61 .* Not yet: F\(1\)\.$/)).toBeInTheDocument();
  expect(requests).toHaveLength(3);
});

test("one button submits what is missing, and the pictures fill as it is calculated", async () => {
  let items = values(0, 1);
  let submitted: number[] = [];
  fakeApi({
    "GET /values": () => ({ items }),
    "POST /indices": async (request) => {
      submitted = ((await request.json()) as { indices: number[] }).indices;
      return { items: submitted.map((index) => seen(index)) };
    },
  });
  renderPart(<ExplorePage />);
  await userEvent.click(await screen.findByRole("button", { name: "Calculate F(0) to F(60)" }));
  await waitFor(() => expect(submitted).toHaveLength(59));
  items = values(0, 60);
  FakeEventSource.last.send("calculated", { index: 60, at: "2026-11-24T10:00:00Z" });
  const news = await screen.findByText(/^F\(0\) to F\(60\) are calculated\./);
  expect(news).toHaveFocus();
  const spiral = screen.getByRole("region", { name: "It winds into a spiral" });
  expect(within(spiral).getByRole("img", { name: /^10 squares/ })).toBeInTheDocument();
  expect(screen.getByText(/^F\(60\) \/ F\(59\) has the first 24 decimals of φ\./)).toBeInTheDocument();
});

test("when the values can't be had it says why, and trying again brings them", async () => {
  let away = true;
  fakeApi({
    "GET /values": () => (away ? problem(503, "unavailable", "Not just now.") : { items: values(0, 60) }),
  });
  renderPart(<ExplorePage />);
  expect(await screen.findByRole("alert")).toHaveTextContent("Not just now.");
  away = false;
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByText(/^F\(0\) to F\(60\) are calculated\./)).toBeInTheDocument();
});
