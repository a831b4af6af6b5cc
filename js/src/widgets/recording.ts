// A model without a view: anywidget needs a module, and everything else happens in the views that refer to it.
export default {};
