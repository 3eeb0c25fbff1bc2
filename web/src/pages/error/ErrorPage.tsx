import { Button, Text } from "@mantine/core";
import { useRouteError } from "react-router";
import { MessagePage } from "../../ui/Page";
import { PageNotLoaded } from "../loaders";

/** Replaces a page that could not be loaded, or that threw while it was rendered. */
export function ErrorPage() {
  const notLoaded = useRouteError() instanceof PageNotLoaded;
  return (
    <MessagePage
      title={notLoaded ? "Loading failed" : "Something went wrong"}
      heading={notLoaded ? "This page could not be loaded" : "Something went wrong on this page"}
    >
      <Text>
        Everything you submitted is safe, and Pisano keeps calculating.{" "}
        {notLoaded
          ? "The server may be restarting, or there may be a new version of the page."
          : "This is an error in the page itself. Reloading it may help."}
      </Text>
      <Button size="md" onClick={() => window.location.reload()}>
        Reload the page
      </Button>
    </MessagePage>
  );
}
