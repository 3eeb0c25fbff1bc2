import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import type { ValueState } from "../../api/values";
import { FakeEventSource } from "../../test/FakeEventSource";
import { fakeApi, problem } from "../../test/fakeApi";
import { renderPart } from "../../test/renderApp";
import { accepted, calculated, seen } from "../../test/samples";
import { NumberView } from "./NumberView";

const at = "2026-11-24T10:00:01Z";
const estimate = { index: 1_000, digits: 209, bytes: 100, seconds: 0.5 };
const facts = {
  index: "10",
  number: {
    sign: 1,
    even: false,
    digitCount: "2",
    value: "55",
    scientific: "5.5e+1",
    primality: { verdict: "composite", reason: "F(5) divides F(n).", divisor: "5" },
  },
  smallPrimeFactors: [5, 11],
  lucas: {
    sign: 1,
    even: false,
    digitCount: "3",
    value: "123",
    scientific: "1.23e+2",
    primality: { verdict: "composite", reason: "" },
  },
};
const number = () => within(screen.getByRole("region", { name: "The number" }));
const known: ValueState = { ...calculated(10, "55"), state: "calculated" };

test("NumberView follows the index from the queue to its digits", async () => {
  let state: ValueState = { index: 10, state: "pending" };
  fakeApi({ "GET /values/10": () => state, "GET /estimates/10": () => estimate });
  renderPart(<NumberView index={10} />);
  expect(await screen.findByText(/^F\(10\) is 55\. It is in the queue/)).toBeInTheDocument();

  await waitFor(() => {
    FakeEventSource.last.send("progress", { index: 10, at, progress: 0.5 });
    expect(screen.getByRole("progressbar", { name: "Calculation of F(10)" })).toBeInTheDocument();
  });

  state = known;
  FakeEventSource.last.send("calculated", { index: 10, at });
  expect(await screen.findByText("Each digit, and how often it occurs")).toBeInTheDocument();
  expect(number().getByText("55")).toBeInTheDocument();
  expect(screen.getByText("Parity").nextSibling).toHaveTextContent("Odd");
});

test("NumberView shows what is known of a number that was not submitted, and offers to calculate it with its cost", async () => {
  let submitted = false;
  const requests = fakeApi({
    "GET /values/1000": () =>
      submitted ? { index: 1_000, state: "pending" } : problem(404, "notFound", "F(1000) was not submitted."),
    "GET /estimates/1000": () => estimate,
    "GET /numbers/1000": () => ({
      ...facts,
      index: "1000",
      number: { ...facts.number, digitCount: "209", value: `43${"4".repeat(207)}` },
    }),
    "POST /indices": () => {
      submitted = true;
      return accepted(seen(1_000));
    },
  });
  renderPart(<NumberView index={1_000} />);
  expect(await screen.findByText("F(1,000) has not been calculated yet.")).toBeInTheDocument();
  expect(await screen.findByText("about 500 ms")).toBeInTheDocument();
  expect(await number().findByText(/^4\.344444444444444/)).toHaveTextContent("4.344444444444444… × 10208");
  expect(screen.getByText("First 50 digits")).toBeInTheDocument();
  await userEvent.click(screen.getByRole("button", { name: "Calculate F(1,000)" }));
  expect(await screen.findByText("F(1,000) is in the queue.")).toBeInTheDocument();
  expect(requests).toContain("POST /indices");
});

test("NumberView shows a short number without any answer", async () => {
  fakeApi({});
  renderPart(<NumberView index={-8} />);
  expect(await number().findByText("−21")).toBeInTheDocument();
});

test("NumberView tells whether a number is prime and what divides it", async () => {
  fakeApi({ "GET /values/10": () => known, "GET /numbers/10": () => facts });
  renderPart(<NumberView index={10} />);
  expect((await screen.findByText("Prime")).nextSibling).toHaveTextContent("No F(5) divides it");
  expect(screen.getByText("Prime factors below 1,000").nextSibling).toHaveTextContent("5, 11");
  expect(screen.getByText("Lucas number").nextSibling).toHaveTextContent("123");
});

test("NumberView shows what is known of a number that is too large to calculate", async () => {
  fakeApi({
    "GET /values/1000": () => problem(404, "notFound", "F(1000) was not submitted."),
    "GET /estimates/1000": () => problem(422, "tooLarge", "The largest index accepted here is 9."),
    "GET /numbers/1000": () => ({ ...facts, index: "1000" }),
  });
  renderPart(<NumberView index={1_000} />);
  expect(await screen.findByText("The largest index accepted here is 9.")).toBeInTheDocument();
  expect(screen.queryByRole("button", { name: /Calculate/ })).not.toBeInTheDocument();
  expect(await screen.findByText("Prime")).toBeInTheDocument();
});

test("NumberView keeps what it shows while a refused number is asked for again", async () => {
  const refused = () => problem(422, "tooLarge", "The largest index accepted here is 9.");
  let answer: () => unknown = refused;
  const requests = fakeApi({
    "GET /values/1000": () => answer(),
    "GET /numbers/1000": () => ({ ...facts, index: "1000" }),
  });
  renderPart(<NumberView index={1_000} />);
  const share = await screen.findByRole("button", { name: "Share" }); // which has the dialog

  answer = () => new Promise(() => {}); // it takes its time
  FakeEventSource.last.accept();
  await waitFor(() => expect(requests.filter((made) => made === "GET /values/1000")).toHaveLength(2));
  expect(share).toBeInTheDocument();
  expect(screen.getByText("The largest index accepted here is 9.")).toBeInTheDocument();
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
  await screen.findByText(/, calculated in/);

  state = { index: 10, state: "pending" };
  FakeEventSource.last.send("seen", { index: 10, at });
  expect(await screen.findByText(/were removed to free memory/)).toBeInTheDocument();
  expect(number().getByText("55")).toBeInTheDocument();
  expect(screen.getByText(/, calculated in/)).toBeInTheDocument();

  state = known;
  FakeEventSource.last.send("calculated", { index: 10, at });
  await waitFor(() => expect(screen.queryByText(/were removed/)).not.toBeInTheDocument());
});
