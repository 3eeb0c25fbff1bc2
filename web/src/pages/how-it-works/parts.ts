/** The parts that an index passes, in the order in which it comes to them. */
export const partNames = [
  "browser",
  "frontDoor",
  "api",
  "indexStore",
  "workQueue",
  "worker",
  "valueCache",
] as const;

export type PartName = (typeof partNames)[number];

interface Part {
  title: string;
  /** What it is there for, in a sentence. */
  role: string;
}

export const parts: Record<PartName, Part> = {
  browser: { title: "Your browser", role: "Shows this page and sends off what you submit." },
  frontDoor: { title: "Front door", role: "Hands out the page and passes the rest on to the API." },
  api: { title: "API", role: "Accepts an index, or says why not, and tells what happens." },
  indexStore: { title: "Record", role: "Keeps every accepted index for good." },
  workQueue: { title: "Queue", role: "Holds what is still to be calculated." },
  worker: { title: "Worker", role: "Calculates every digit and checks the result." },
  valueCache: { title: "Values", role: "Keeps the numbers that are calculated." },
};

/** Which parts speak with each other. */
export const links: readonly (readonly [PartName, PartName])[] = [
  ["browser", "frontDoor"],
  ["frontDoor", "api"],
  ["api", "indexStore"],
  ["api", "workQueue"],
  ["api", "valueCache"],
  ["indexStore", "worker"],
  ["workQueue", "worker"],
  ["valueCache", "worker"],
];
