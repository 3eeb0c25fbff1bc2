import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { fakeApi, problem } from "../../test/fakeApi";
import { renderPart } from "../../test/renderApp";
import { accepted, seen } from "../../test/samples";
import { SubmitForm } from "./SubmitForm";

const onSubmitted = vi.fn();
const field = () => screen.getByRole("textbox", { name: "Index" });

function renderForm(answer?: (request: Request) => unknown) {
  onSubmitted.mockReset();
  const requests = fakeApi(answer ? { "POST /indices": answer } : {});
  renderPart(<SubmitForm onSubmitted={onSubmitted} />);
  return requests;
}

test("SubmitForm submits by Enter, empties the field and keeps the focus", async () => {
  const bodies: unknown[] = [];
  renderForm(async (request) => {
    bodies.push(await request.json());
    return accepted(seen(-8));
  });
  await userEvent.type(field(), "-8{Enter}");
  await waitFor(() => expect(onSubmitted).toHaveBeenCalledWith(-8));
  expect(bodies).toEqual([{ index: -8 }]);
  expect(field()).toHaveValue("");
  expect(field()).toHaveFocus();
});

test("SubmitForm explains while typing what cannot become an index", async () => {
  renderForm();
  await userEvent.type(field(), "1.5555");
  expect(screen.getByRole("alert")).toHaveTextContent("An index has no decimals.");
  expect(field()).toBeInvalid();
  expect(field()).toHaveAccessibleDescription(/no decimals/);
});

test("SubmitForm hints at what is missing, which is an error only once it is submitted", async () => {
  renderForm();
  await userEvent.type(field(), "1.5");
  expect(screen.getByText(/Groups have three digits/)).toBeInTheDocument();
  expect(field()).toBeValid();
  await userEvent.type(field(), "{Enter}");
  expect(screen.getByRole("alert")).toHaveTextContent(/Groups have three digits/);
  await userEvent.type(field(), "00");
  expect(screen.queryByRole("alert")).not.toBeInTheDocument();
});

test("SubmitForm tells a short number while it is typed", async () => {
  const requests = renderForm();
  await userEvent.type(field(), "F(-8)");
  expect(await screen.findByText("−21")).toBeInTheDocument();
  expect(requests.filter((request) => !request.includes("estimates"))).toEqual([]);
});

test("SubmitForm says which Fibonacci number is meant, if a value is", async () => {
  fakeApi({});
  renderForm();
  const input = screen.getByRole("textbox", { name: "Index" });
  await userEvent.type(input, "832040");
  const note = () => screen.getByText(/^As a value/);
  expect(note()).toHaveTextContent("As a value, 832,040 is F(30).");
  expect(screen.getByRole("link", { name: "F(30)" })).toHaveAttribute("href", "/values/30");
  await userEvent.type(input, "1");
  expect(note()).toHaveTextContent("As a value, 8,320,401 is between F(34) and F(35).");
  await userEvent.clear(input);
  await userEvent.type(input, "1");
  expect(note()).toHaveTextContent("As a value, 1 is F(1), F(2) and F(−1).");
  await userEvent.type(input, "3");
  expect(note()).toHaveTextContent("As a value, 13 is F(7) and F(−7).");
  await userEvent.clear(input);
  await userEvent.type(input, "-354224848179261915075");
  expect(note()).toHaveTextContent("is F(−100).");
  expect(screen.getByRole("alert")).toHaveTextContent("too large");
  await userEvent.clear(input);
  expect(screen.queryByText(/^As a value/)).not.toBeInTheDocument();
});

test("SubmitForm leads to what is known of an index that is too large to calculate, and submits nothing", async () => {
  const requests = renderForm(() => accepted(seen(1)));
  await userEvent.type(field(), "F(10^100){Enter}");
  expect(screen.getByRole("alert")).toHaveTextContent("That index is too large to calculate");
  expect(screen.getByRole("link", { name: "See what is known of F(10^100)" })).toHaveAttribute(
    "href",
    `/values/${10n ** 100n}`,
  );
  expect(field()).toHaveAccessibleDescription(/too large to calculate/);
  expect(screen.getByText(/ends in/)).toHaveTextContent("F(10^100) ends in 546875.");
  expect(requests).toEqual([]);
});

test("SubmitForm says how a number ends while it is typed, without a request", async () => {
  const requests = renderForm();
  await userEvent.type(field(), "-1000");
  expect(screen.getByText(/ends in/)).toHaveTextContent("F(−1,000) ends in 228875.");
  expect(requests.filter((request) => !request.includes("estimates"))).toEqual([]);
});

test("SubmitForm changes the sign by a button", async () => {
  renderForm();
  await userEvent.type(field(), "8");
  await userEvent.click(screen.getByRole("button", { name: "Change the sign" }));
  expect(field()).toHaveValue("−8");
  expect(field()).toHaveFocus();
  expect(field()).toHaveAttribute("inputmode", "numeric");
});

test("SubmitForm accepts a minus sign while typing", async () => {
  renderForm();
  await userEvent.type(field(), "-");
  expect(screen.queryByRole("alert")).not.toBeInTheDocument();
});

test("SubmitForm says what to enter when it is submitted empty, and sends nothing", async () => {
  const requests = renderForm(() => accepted(seen(1)));
  await userEvent.click(screen.getByRole("button", { name: "Calculate" }));
  expect(screen.getByRole("alert")).toHaveTextContent("Enter a whole number, such as 1,000 or −8.");
  expect(field()).toHaveFocus();
  expect(requests).toEqual([]);
});

test("SubmitForm shows the refusal of the server, and keeps text and focus", async () => {
  renderForm(() => problem(422, "tooLarge", "The largest index accepted here is 100."));
  await userEvent.type(field(), "101{Enter}");
  expect(await screen.findByRole("alert")).toHaveTextContent("The largest index accepted here is 100.");
  expect(screen.getByRole("link", { name: "See what is known of F(101)" })).toBeInTheDocument();
  expect(field()).toHaveValue("101");
  expect(field()).toHaveFocus();
  expect(onSubmitted).not.toHaveBeenCalled();
});

test("SubmitForm hides a refusal when the text changes", async () => {
  renderForm(() => problem(422, "tooLarge", "Too large."));
  await userEvent.type(field(), "101{Enter}");
  await screen.findByRole("alert");
  await userEvent.type(field(), "{Backspace}");
  expect(screen.queryByRole("alert")).not.toBeInTheDocument();
});

test("SubmitForm says that the server is not responding", async () => {
  renderForm();
  await userEvent.type(field(), "10{Enter}");
  expect(await screen.findByRole("alert")).toHaveTextContent("Pisano is not responding.");
  expect(field()).toBeValid();
});

test("SubmitForm counts down where the server says when to try again, and leaves the index valid", async () => {
  renderForm(() => {
    const refusal = problem(429, "overloaded", "Too much is waiting. Try again in about 3 seconds.");
    refusal.headers.set("Retry-After", "3");
    return refusal;
  });
  await userEvent.type(field(), "10{Enter}");
  expect(await screen.findByRole("alert")).toHaveTextContent("Too much is waiting.");
  expect(field()).toBeValid();
  expect(screen.getByRole("timer")).toHaveTextContent(/^[123] s left\.$/);
  expect(await screen.findByText("You can try again now.")).toBeInTheDocument();
});

test("SubmitForm sends nothing more while a submission is pending", async () => {
  let answer: (body: object) => void = () => undefined;
  const requests = renderForm(
    () =>
      new Promise<object>((resolve) => {
        answer = resolve;
      }),
  );
  await userEvent.type(field(), "10{Enter}{Enter}");
  // On a slow machine the estimate was requested before Enter was pressed.
  expect(requests.filter((request) => request.startsWith("POST"))).toEqual(["POST /indices"]);
  answer(accepted(seen(10)));
  await waitFor(() => expect(onSubmitted).toHaveBeenCalledTimes(1));
});

test("SubmitForm keeps text typed while a submission is pending, and still reports its result", async () => {
  const answers: ((body: object) => void)[] = [];
  renderForm(() => new Promise<object>((resolve) => void answers.push(resolve)));
  await userEvent.type(field(), "10{Enter}");
  await userEvent.clear(field());
  await userEvent.type(field(), "20");
  await userEvent.click(screen.getByRole("button", { name: "1,000" }));
  expect(answers).toHaveLength(1);
  answers[0]?.(accepted(seen(10)));
  await waitFor(() => expect(onSubmitted).toHaveBeenCalledWith(10));
  expect(field()).toHaveValue("20");

  await userEvent.type(field(), "{Enter}");
  await waitFor(() => expect(answers).toHaveLength(2));
  await userEvent.type(field(), "0");
  answers[1]?.(problem(503, "overloaded", "Too busy."));
  expect(await screen.findByRole("alert")).toBeInTheDocument();
  expect(field()).toHaveValue("200");
});

test("SubmitForm submits an example by one click", async () => {
  renderForm(() => accepted(seen(1_000)));
  await userEvent.click(screen.getByRole("button", { name: "1,000" }));
  await waitFor(() => expect(onSubmitted).toHaveBeenCalledWith(1_000));
});
