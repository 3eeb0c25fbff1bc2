import { act, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { FakeEventSource } from "../../test/FakeEventSource";
import { renderPart } from "../../test/renderApp";
import { ConnectionNotice } from "./ConnectionNotice";

test("it is there while events do not arrive, and only then", () => {
  renderPart(<ConnectionNotice />);
  const notice = screen.getByRole("status");
  expect(notice).toBeEmptyDOMElement();
  act(() => FakeEventSource.last.accept());
  expect(notice).toBeEmptyDOMElement();
  act(() => FakeEventSource.last.break());
  expect(notice).toHaveTextContent("Live updates have stopped");
  act(() => FakeEventSource.last.accept());
  expect(notice).toBeEmptyDOMElement();
});
