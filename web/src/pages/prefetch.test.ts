import { expect, test } from "vitest";
import { newQueryClient } from "../api/queryClient";
import { fakeApi } from "../test/fakeApi";
import { prefetchPage } from "./prefetch";

test("prefetchPage requests what the page at an address shows", () => {
  const requestsOf = (pathname: string) => {
    const requests = fakeApi({});
    prefetchPage(newQueryClient(), pathname);
    return requests;
  };
  expect(requestsOf("/")).toEqual(["GET /indices?limit=20", "GET /values?limit=20"]);
  expect(requestsOf("/values/-8")).toEqual(["GET /values/-8", "GET /numbers/-8"]);
  expect(requestsOf("/values/9999999999999999")).toEqual(["GET /numbers/9999999999999999"]);
  for (const pathname of ["/values/ten", `/values/${"9".repeat(1_001)}`, "/explore", "/table"]) {
    expect(requestsOf(pathname)).toEqual([]);
  }
});
