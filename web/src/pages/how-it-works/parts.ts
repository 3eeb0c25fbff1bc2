/** The parts of the system, in the order in which an index reaches them. */
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
  /** Its task, in a sentence. */
  role: string;
}

export const parts: Record<PartName, Part> = {
  browser: { title: "Your browser", role: "Shows this page and submits what you enter." },
  frontDoor: { title: "Front door", role: "Serves the page and forwards everything else to the API." },
  api: { title: "API", role: "Accepts each index or explains why it can’t, and reports progress." },
  indexStore: { title: "Index store", role: "Keeps every accepted index for good." },
  workQueue: { title: "Work queue", role: "Holds the indices that wait for a worker." },
  worker: { title: "Worker", role: "Calculates every digit and checks the result." },
  valueCache: { title: "Value cache", role: "Keeps the calculated values." },
};

/** The pairs of parts that communicate. */
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
