import { Outlet, ScrollRestoration } from "react-router";
import { ConnectionNotice } from "./ConnectionNotice";
import { Footer } from "./Footer";
import { Header } from "./Header";
import styles from "./Layout.module.css";

/** What every page has around it. */
export function Layout() {
  return (
    <div className={styles.page}>
      <a href="#content" className={styles.skip}>
        Skip to the content
      </a>
      <Header />
      <ConnectionNotice />
      <main id="content" tabIndex={-1} className={styles.content}>
        <Outlet />
      </main>
      <Footer />
      <ScrollRestoration />
    </div>
  );
}
