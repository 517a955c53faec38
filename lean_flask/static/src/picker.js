// The picker on a page of its own.

import { BankPicker } from "./bank-picker.js";

const root = document.getElementById("lean-picker");
if (root) new BankPicker(root);
