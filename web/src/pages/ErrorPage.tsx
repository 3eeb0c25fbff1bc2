import { Button, Container, Stack, Text } from "@mantine/core";
import { PageHeading } from "./PageHeading";

/** Stands in for a page that broke while it was being drawn. */
export function ErrorPage() {
  return (
    <Container size="sm" py={80}>
      <Stack gap="lg" align="flex-start">
        <PageHeading title="Something broke">This page broke</PageHeading>
        <Text>
          That is a fault of the page. What you submitted is safe: Pisano keeps it and goes on calculating.
        </Text>
        <Button size="md" onClick={() => window.location.reload()}>
          Load the page again
        </Button>
      </Stack>
    </Container>
  );
}
