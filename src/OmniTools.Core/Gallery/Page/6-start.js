document.documentElement.dataset.view = inChat ? 'chat' : 'file';
fillFilters();
show();
if (inChat) connect();
