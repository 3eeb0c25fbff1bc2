import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { fakeApi } from "../../test/fakeApi";
import { renderPart } from "../../test/renderApp";
import { Remainder } from "./Remainder";
import { Zeckendorf } from "./Zeckendorf";

test("Remainder says what a division leaves by the modulus that is typed, and links to its wheel", async () => {
  fakeApi({});
  renderPart(<Remainder index={1_000} />);
  expect(screen.getByText(/^Divided by 10,/)).toHaveTextContent("Divided by 10, F(1,000) leaves 5.");
  const field = screen.getByRole("textbox", { name: "Modulus" });
  await userEvent.clear(field);
  await userEvent.type(field, "1,000");
  expect(screen.getByText(/^Divided by/)).toHaveTextContent("Divided by 1,000, F(1,000) leaves 875.");
  expect(screen.getByRole("link", { name: "The wheel of 1,000" })).toHaveAttribute("href", "/pisano/1000");
  await userEvent.type(field, "x");
  expect(screen.getByRole("alert")).toHaveTextContent("Enter a whole number from 1 to");
  expect(screen.queryByText(/^Divided by/)).not.toBeInTheDocument();
});

test("Remainder takes any modulus up to 10^1000, and links to what is known of it", async () => {
  fakeApi({});
  renderPart(<Remainder index={1_000} />);
  const field = screen.getByRole("textbox", { name: "Modulus" });
  const enter = async (text: string) => {
    await userEvent.clear(field);
    await userEvent.type(field, text);
  };
  const result = () => screen.getByText(/^Divided by/);
  await enter("2305843009213693951");
  expect(result()).toHaveTextContent(
    "Divided by 2,305…693,951, F(1,000) leaves 100,192,510,155,549,716. The period of 2,305…693,951",
  );
  expect(screen.getByRole("link", { name: /^The period of/ })).toHaveAttribute(
    "href",
    "/pisano/2305843009213693951",
  );
  await enter("10^20");
  expect(result()).toHaveTextContent("Divided by 10^20, F(1,000) leaves 76,137,795,166,849,228,875.");
  await enter("10^1000");
  expect(result()).toHaveTextContent(/^Divided by 10\^1000, F\(1,000\) leaves 43,466,557.*228,875\.$/);
  expect(screen.queryByRole("link")).not.toBeInTheDocument();
  await enter("10^1001");
  expect(screen.getByRole("alert")).toHaveTextContent("Enter a whole number from 1 to 10^1000.");
});

test("Zeckendorf lights the tiles of the sum", () => {
  fakeApi({});
  renderPart(<Zeckendorf index={-100} />);
  expect(screen.getByRole("figure")).toHaveTextContent("Zeckendorf: 100 = 89 + 8 + 3");
  expect(
    screen.getByRole("img", { name: "Tiles from F(11) to F(2); lit: F(11), F(6), F(4)" }).children,
  ).toHaveLength(10);
});

test("Zeckendorf says of an index that is a Fibonacci number that it is one", () => {
  fakeApi({});
  renderPart(<Zeckendorf index={354_224_848_179_261_915_075n} />);
  expect(screen.getByRole("figure")).toHaveTextContent(
    "Zeckendorf: 354,224…915,075 is itself a Fibonacci number, F(100)",
  );
});
