/** Returns the address of an API as a URL without a slash at its end, or throws a TypeError that names what is wrong with it. */
export function checkedAddress(address: string): string {
  const url = parse(address);
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new TypeError(
      `${JSON.stringify(address)} is not the address of an API. Give a URL such as http://localhost:8080/api.`,
    );
  }
  if (url.username || url.password || url.search || url.hash) {
    throw new TypeError(
      `The address of the API on ${url.host} must be a URL without a user, a query and a fragment, such as http://localhost:8080/api.`,
    );
  }
  return url.href.replace(/\/+$/, "");
}

function parse(address: string): URL | undefined {
  try {
    return new URL(address, globalThis.location?.href); // pages may give a path
  } catch {
    return undefined;
  }
}
