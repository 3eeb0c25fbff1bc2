import { act, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { FakeEventSource } from "../../test/FakeEventSource";
import { renderPart } from "../../test/renderApp";
import { ConnectionNotice } from "./ConnectionNotice";

test("ConnectionNotice shows only while the connection is lost", () => {
  renderPart(<ConnectionNotice />);
  const notice = screen.getByRole("status");
  expect(notice).toBeEmptyDOMElement();
  act(() => FakeEventSource.last.accept());
  expect(notice).toBeEmptyDOMElement();
  act(() => FakeEventSource.last.break());
  expect(notice).toHaveTextContent("This page may be out of date");
  act(() => FakeEventSource.last.accept());
  expect(notice).toBeEmptyDOMElement();
});
