import { Container, Stack, Text } from "@mantine/core";
import { useLocation } from "react-router";
import { LinkButton } from "../../ui/LinkButton";
import { PageHeading } from "../../ui/PageHeading";

export function NotFoundPage() {
  const { pathname } = useLocation();
  return (
    <Container size="sm" py={80}>
      <Stack gap="lg" align="flex-start">
        <PageHeading title="Page not found">There is no such page</PageHeading>
        <Text style={{ overflowWrap: "anywhere" }}>
          Nothing is kept at <strong>{pathname}</strong>. The numbers are on the first page.
        </Text>
        <LinkButton to="/">Go to the numbers</LinkButton>
      </Stack>
    </Container>
  );
}
