import { act, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test } from "vitest";
import { forgetIndices, rememberIndex } from "../../live/ownIndices";
import { fakeApi } from "../../test/fakeApi";
import { renderPart } from "../../test/renderApp";
import { OwnIndices } from "./OwnIndices";

beforeEach(() => {
  forgetIndices();
  fakeApi({});
});

const terms = () => screen.queryAllByRole("link").map(({ textContent }) => textContent);

test("OwnIndices lists what this browser asked for, and can be cleared", async () => {
  renderPart(<OwnIndices />);
  expect(screen.queryByRole("region")).not.toBeInTheDocument();
  act(() => [10, -8].forEach(rememberIndex));
  expect(screen.getByRole("region", { name: "Numbers you asked for" })).toHaveTextContent(
    "Only this browser remembers them.",
  );
  expect(terms()).toEqual(["F(−8)", "F(10)"]);
  await userEvent.click(screen.getByRole("button", { name: "Clear" }));
  expect(screen.queryByRole("region")).not.toBeInTheDocument();
});

test("OwnIndices begins with a few, and shows all of them on demand", async () => {
  renderPart(<OwnIndices />);
  act(() => Array.from({ length: 30 }, (_, i) => i).forEach(rememberIndex));
  expect(terms()).toHaveLength(12);
  await userEvent.click(screen.getByRole("button", { name: "Show all 30" }));
  expect(terms()).toHaveLength(30);
});

test("OwnIndices moves the focus to the first number that a key shows", async () => {
  renderPart(<OwnIndices />);
  act(() => Array.from({ length: 13 }, (_, i) => i).forEach(rememberIndex));
  screen.getByRole("button", { name: "Show all 13" }).focus();
  await userEvent.keyboard("{Enter}");
  expect(screen.getByRole("link", { name: "F(0)" })).toHaveFocus();
});
