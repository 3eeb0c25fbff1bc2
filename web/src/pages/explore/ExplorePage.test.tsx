import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { FakeEventSource } from "../../test/FakeEventSource";
import { fakeApi, problem } from "../../test/fakeApi";
import { renderPart } from "../../test/renderApp";
import { calculated, fibonacci, seen } from "../../test/samples";
import { Component as ExplorePage } from "./ExplorePage";

const values = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, i) => calculated(first + i, String(fibonacci(first + i))));

test("ExplorePage names what is missing, and fetches nothing twice where one page holds the whole list", async () => {
  const requests = fakeApi({
    "GET /values": () => ({ items: [...values(0, 9), ...values(12, 60)] }),
  });
  renderPart(<ExplorePage />);
  expect(
    await screen.findByText("59 of the 61 numbers from F(0) to F(60) are calculated. Missing: F(10), F(11)."),
  ).toBeInTheDocument();
  expect(requests).toEqual(["GET /values?limit=200"]);
});

test("ExplorePage fetches one by one what is not on the first page of a longer list", async () => {
  const requests = fakeApi({
    "GET /values": () => ({ items: values(2, 60), nextCursor: "more" }),
    "GET /values/0": () => ({ ...calculated(0, "0"), state: "calculated" }),
    "GET /values/1": () => problem(404, "notFound", "F(1) was not submitted."),
  });
  renderPart(<ExplorePage />);
  expect(await screen.findByText(/^60 of the 61 .* Missing: F\(1\)\.$/)).toBeInTheDocument();
  expect(requests).toHaveLength(3);
});

test("ExplorePage submits what is missing by one button, and draws it once calculated", async () => {
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
  const status = await screen.findByText(/^F\(0\) to F\(60\) are calculated\./);
  expect(status).toHaveFocus();
  const spiral = screen.getByRole("region", { name: "It winds into a spiral" });
  expect(within(spiral).getByRole("img", { name: /^10 squares/ })).toBeInTheDocument();
  expect(screen.getByText(/^F\(60\) \/ F\(59\) agrees with φ to 24 decimal places\./)).toBeInTheDocument();
});

test("ExplorePage says why the values are missing, and trying again fetches them", async () => {
  let unavailable = true;
  fakeApi({
    "GET /values": () => (unavailable ? problem(503, "unavailable", "Not now.") : { items: values(0, 60) }),
  });
  renderPart(<ExplorePage />);
  expect(await screen.findByRole("alert")).toHaveTextContent("Not now.");
  unavailable = false;
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByText(/^F\(0\) to F\(60\) are calculated\./)).toBeInTheDocument();
});
