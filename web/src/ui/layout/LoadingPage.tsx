import { Center, Loader } from "@mantine/core";

/** Shown while the first page is being loaded. */
export function LoadingPage() {
  return (
    <Center mih="60dvh" role="status" aria-label="Loading the page">
      <Loader color="var(--good)" />
    </Center>
  );
}
