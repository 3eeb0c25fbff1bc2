import { Outlet, ScrollRestoration } from "react-router";
import { ConnectionNotice } from "../components/ConnectionNotice";
import { Footer } from "../components/Footer";
import { Header } from "../components/Header";
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
