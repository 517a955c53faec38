// The picker on a page of ours.

new Picker(document.getElementById("lean-picker"));
