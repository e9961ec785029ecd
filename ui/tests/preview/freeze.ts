// The app freezes it too: what would break there breaks here.
Object.freeze(Object.prototype);
