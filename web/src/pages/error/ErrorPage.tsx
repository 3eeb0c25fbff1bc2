import { Button, Container, Stack, Text } from "@mantine/core";
import { useRouteError } from "react-router";
import { PageHeading } from "../../ui/PageHeading";
import { PageNotLoaded } from "../loaders";

/** Stands in for a page that could not be loaded, or broke while it was being drawn. */
export function ErrorPage() {
  const notLoaded = useRouteError() instanceof PageNotLoaded;
  return (
    <Container size="sm" py={80}>
      <Stack gap="lg" align="flex-start">
        <PageHeading title={notLoaded ? "Not loaded" : "Something broke"}>
          {notLoaded ? "This page could not be loaded" : "This page broke"}
        </PageHeading>
        <Text>
          {notLoaded
            ? "Pisano may be away for a moment, or have a new version of the page."
            : "That is a fault of the page."}{" "}
          What you submitted is safe: Pisano keeps it and goes on calculating.
        </Text>
        <Button size="md" onClick={() => window.location.reload()}>
          Load the page again
        </Button>
      </Stack>
    </Container>
  );
}
