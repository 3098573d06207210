/** What the content security policy of this page allows style sheets to be added with. */
export const nonce = document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce ?? '';

// The library locks the page behind a dialog with a style sheet of its own, and looks for the nonce under this name.
Object.assign(globalThis, { __webpack_nonce__: nonce });
