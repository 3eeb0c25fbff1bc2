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
