import { Text } from "@mantine/core";
import { useLocation } from "react-router";
import { LinkButton } from "../../ui/LinkButton";
import { MessagePage } from "../../ui/Page";

export function NotFoundPage() {
  const { pathname } = useLocation();
  return (
    <MessagePage title="Page not found" heading="Page not found">
      <Text>
        There is nothing at <strong>{pathname}</strong>.
      </Text>
      <LinkButton to="/">Go to the numbers</LinkButton>
    </MessagePage>
  );
}
